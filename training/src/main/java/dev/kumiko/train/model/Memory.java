package dev.kumiko.train.model;

/** What a pass keeps for its way back. */
public enum Memory {
  /** All that the backward pass needs. */
  KEEP,
  /**
   * Each layer's input; the rest of a layer is computed once more in the backward pass (Chen et
   * al., arXiv 1604.06174). The gradients are the same to the last bit.
   */
  RECOMPUTE
}
