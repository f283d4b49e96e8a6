package dev.kumiko.bench;

import java.util.List;

/** One of the engines compared: texts in, vectors out. */
public interface Engine extends AutoCloseable {
  /** Returns one vector for each text, in the same order. */
  float[][] embed(List<String> texts);

  /** Returns rows and vectors that its products take at a time, as 5 x 2; empty if unknown. */
  default String tile() {
    return "";
  }

  @Override
  void close();
}
