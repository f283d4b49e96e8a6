package dev.kumiko.tools;

import dev.kumiko.Precision;
import dev.kumiko.tools.vectors.VectorType;
import java.util.List;
import picocli.CommandLine.Option;

/** What a model that allows two ways is computed with, and how precise the vectors are. */
final class PrecisionOption {
  /** The words of both questions. */
  enum Word {
    CLOSEST,
    FASTEST,
    FLOAT32,
    INT8,
    BINARY
  }

  @Option(
      names = "--precision",
      paramLabel = "WHICH",
      split = ",",
      description =
          "What a model quantised with --activations int8 is computed with: closest (fp32"
              + " activations, the default) or fastest (int8 ones where they are faster). For"
              + " embed also how precise the vectors are: float32 (the default), int8 or binary.")
  private List<Word> words = List.of();

  private boolean hasVectorType;

  /** What the model is computed with. */
  Precision precision() {
    Precision precision = Precision.CLOSEST;
    for (Word word : words) {
      switch (word) {
        case CLOSEST -> precision = Precision.CLOSEST;
        case FASTEST -> precision = Precision.FASTEST;
        default -> {
          if (!hasVectorType) {
            throw new UsageException("--precision " + Choice.name(word) + " is for embed alone");
          }
        }
      }
    }
    return precision;
  }

  /** How precise the vectors are, for a command that can write them so. */
  VectorType vectorType() {
    hasVectorType = true;
    VectorType type = VectorType.FLOAT32;
    for (Word word : words) {
      switch (word) {
        case FLOAT32 -> type = VectorType.FLOAT32;
        case INT8 -> type = VectorType.INT8;
        case BINARY -> type = VectorType.BINARY;
        default -> {
          // What the model is computed with.
        }
      }
    }
    return type;
  }
}
