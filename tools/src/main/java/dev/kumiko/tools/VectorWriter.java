package dev.kumiko.tools;

import dev.kumiko.Embedding;
import java.io.IOException;

/** Writes vectors in one of the formats. */
interface VectorWriter {
  /** Writes one text's vector. */
  void write(String text, Embedding embedding) throws IOException;

  /** Makes what was written visible to whoever reads along. */
  void flush() throws IOException;

  /** Completes the output after the last vector. */
  void finish() throws IOException;
}
