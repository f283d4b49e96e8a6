package dev.kumiko.tools;

import dev.kumiko.Precision;
import picocli.CommandLine.Option;

/** What a model that allows two ways is computed with. */
final class PrecisionOption {
  @Option(
      names = "--precision",
      paramLabel = "WHICH",
      description =
          "What a model quantised with --activations int8 is computed with: closest (fp32"
              + " activations, the default) or fastest (int8 ones where they are faster).")
  private Precision precision = Precision.CLOSEST;

  Precision precision() {
    return precision;
  }
}
