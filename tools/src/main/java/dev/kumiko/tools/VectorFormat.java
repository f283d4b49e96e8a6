package dev.kumiko.tools;

/** How vectors are written. */
enum VectorFormat {
  /** JSON lines, one object for each text. */
  JSON,
  /** One row of numbers for each text. */
  CSV,
  /** One NumPy array. */
  NPY
}
