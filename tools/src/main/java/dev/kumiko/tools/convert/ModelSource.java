package dev.kumiko.tools.convert;

import java.io.IOException;
import java.util.function.Consumer;

/** Where a model is converted from. Its weights can be used until it is closed. */
public interface ModelSource extends AutoCloseable {
  /**
   * Reads the model.
   *
   * @param log receives what the user should know
   * @throws IOException if it cannot be read or is not supported
   */
  SourceModel read(Consumer<String> log) throws IOException;

  @Override
  void close() throws IOException;
}
