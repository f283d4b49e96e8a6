package dev.kumiko.tools;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of the default model, wherever the class path has it. */
final class DefaultModelStream {
  private static final String RESOURCE = "META-INF/kumiko/default-model.safetensors";

  private DefaultModelStream() {}

  static InputStream open() throws IOException {
    InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new CommandFailedException(
          "there is no default model on the class path; name a model file with --model");
    }
    return in;
  }
}
