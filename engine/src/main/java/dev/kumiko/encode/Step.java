package dev.kumiko.encode;

/** What one thread does with its share of a pass. */
@FunctionalInterface
interface Step {
  /** Does it; {@code w.texts()} are what is encoded. */
  void apply(RowShare share, Workspace w);

  /** Returns this and then another. */
  default Step then(Step next) {
    return (share, w) -> {
      apply(share, w);
      next.apply(share, w);
    };
  }
}
