package dev.kumiko.tools.compress;

/**
 * How the components of a token vector are divided among the parts: evenly, and what is left goes
 * to the last one.
 *
 * @param hiddenSize the length of a token vector, D
 * @param parts the number of parts, F, at most D
 */
record Subspaces(int hiddenSize, int parts) {
  /** Returns the first component of a part. */
  int start(int part) {
    return part * (hiddenSize / parts);
  }

  /** Returns the number of components of a part. */
  int width(int part) {
    return part < parts - 1 ? hiddenSize / parts : hiddenSize - start(part);
  }
}
