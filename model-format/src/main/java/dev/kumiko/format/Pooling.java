package dev.kumiko.format;

/** How the token vectors of a text become one vector. The names follow sentence-transformers. */
public enum Pooling {
  /** The mean of all token vectors. */
  MEAN,
  /** The vector of the first token. */
  CLS,
  /** The largest value of each component. */
  MAX,
  /** The sum of all token vectors divided by the square root of their number. */
  MEAN_SQRT_LEN,
  /** The vector of the last token. */
  LAST_TOKEN,
  /**
   * The mean with the weights 1, 2, 3, ... of the tokens in their order; where a prompt is not
   * pooled, its tokens are counted all the same.
   */
  WEIGHTED_MEAN,
  /**
   * The same from the text's first token on, which has the weight 1: neither a prompt nor the
   * special tokens before it are pooled (L3Prune, LLM2Vec).
   */
  WEIGHTED_MEAN_FROM_TEXT
}
