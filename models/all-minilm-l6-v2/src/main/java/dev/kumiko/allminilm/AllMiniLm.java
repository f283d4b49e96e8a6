package dev.kumiko.allminilm;

import dev.kumiko.DefaultModelProvider;
import java.net.URL;

/** Makes all-MiniLM-L6-v2 the default model where its JAR is. */
public final class AllMiniLm implements DefaultModelProvider {
  /** Called by the engine. */
  public AllMiniLm() {}

  @Override
  public String name() {
    return "all-MiniLM-L6-v2";
  }

  @Override
  public URL model() {
    return AllMiniLm.class.getResource("/META-INF/kumiko/default-model.safetensors");
  }
}
