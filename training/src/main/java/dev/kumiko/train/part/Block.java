package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;

/** Attention or feed-forward: what a residual connection leads around. */
interface Block {
  /**
   * Computes the block. Its backward pass does not need the output: the caller may change it.
   *
   * @param x {@code [rows][hidden]}, kept until the result is no longer used
   */
  Result forward(PackedTexts texts, float[] x);

  /** Takes over parameters that have changed. */
  void refresh();
}
