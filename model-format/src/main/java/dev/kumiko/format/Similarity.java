package dev.kumiko.format;

/** How a model's vectors are compared. Of every kind, more is more alike. */
public enum Similarity {
  /** The cosine of the angle between two vectors, from -1 to 1; 0 if one of them is zero. */
  COSINE,
  /** The sum of the products of their components. */
  DOT,
  /** The negative Euclidean distance. */
  EUCLIDEAN,
  /** The negative sum of the distances in each component. */
  MANHATTAN
}
