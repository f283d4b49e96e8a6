package dev.kumiko.tools;

import dev.kumiko.DefaultModelProvider;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of the default model, wherever the class path has it. */
final class DefaultModelStream {
  private DefaultModelStream() {}

  static InputStream open() throws IOException {
    return DefaultModelProvider.find().model().openStream();
  }
}
