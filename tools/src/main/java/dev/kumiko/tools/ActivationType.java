package dev.kumiko.tools;

import dev.kumiko.format.Int8Activations;
import dev.kumiko.tools.quantize.Quantizer;
import java.util.Optional;

/** What the layers of an int8 model compute with, as the option spells it. */
enum ActivationType {
  fp32,
  int8;

  static final String DESCRIPTION =
      "What int8 layers compute with: ${COMPLETION-CANDIDATES}. int8 is faster, fp32 keeps the"
          + " vectors closer to those of the fp32 model. Default: fp32.";

  /** Returns how activations are quantised, if they are. */
  Optional<Int8Activations> quantization() {
    return this == int8 ? Optional.of(Quantizer.INT8_ACTIVATIONS) : Optional.empty();
  }
}
