package dev.kumiko.tools;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** Texts in batches that fit into memory. */
interface TextSource extends AutoCloseable {
  /** Returns the next texts; none at the end. */
  List<String> next() throws IOException;

  /** Returns where a text stands, such as {@code line 17}; texts are counted from 0. */
  String place(long text);

  /** Returns which part of all input has been handed out, from 0 to 1, if that is known. */
  OptionalDouble fraction();

  @Override
  void close() throws IOException;
}
