package dev.kumiko.encode;

/** How threads share a pass. */
public enum Division {
  /** By outputs of linear layers, for few rows: each thread reads a part of the weights. */
  OUTPUTS,

  /** By rows: each thread reads all weights, but prepares its own rows alone and seldom waits. */
  ROWS,

  /**
   * By rows, and nobody projects the rows of the next layer before all have attended: threads wait
   * once more in a layer, and queries, keys and values of two layers need not be kept.
   */
  MANY_ROWS
}
