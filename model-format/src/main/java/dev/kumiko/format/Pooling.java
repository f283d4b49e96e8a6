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
  MEAN_SQRT_LEN
}
