package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import java.io.IOException;

/** A {@code config.json} without the folder around it. */
public final class PublishedConfig {
  private PublishedConfig() {}

  /**
   * Returns the sizes and choices that a conversion of a folder with this configuration has.
   *
   * @throws IOException if Kumiko does not support them; the message is for people
   */
  public static Architecture architecture(Json config) throws IOException {
    Family family = Families.of(config);
    return family.architecture(Config.of(config, family));
  }
}
