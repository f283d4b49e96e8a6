package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.tools.convert.ConversionException;
import java.util.regex.Pattern;

/** Weights that are laid out as Kumiko does not read them, known by the tensors among them. */
final class ForeignWeights {
  private static final String QUANTIZED =
      "the weights are quantised with %s, and Kumiko reads only its own int8; convert the model as"
          + " it was before";

  /** What goes with tensors of these names. */
  private enum Kind {
    GPTQ("qweight|qzeros|g_idx", QUANTIZED.formatted("GPTQ or AWQ")),
    BITSANDBYTES("absmax|nested_absmax|quant_map|SCB", QUANTIZED.formatted("bitsandbytes")),
    FP8("weight_scale_inv", QUANTIZED.formatted("FP8")),
    COMPRESSED("weight_packed|weight_scale", QUANTIZED.formatted("compressed-tensors")),
    JINA_CODE(
        "layer_norm_q\\.weight",
        "this is the Jina 2 for code, which normalises queries and keys before they are split into"
            + " heads; Kumiko supports the Jina 2 models for texts");

    private final Pattern names;
    private final String meaning;

    Kind(String endings, String meaning) {
      this.names = Pattern.compile(".*\\.(" + endings + ")");
      this.meaning = meaning;
    }
  }

  private ForeignWeights() {}

  /**
   * Refuses them.
   *
   * @throws ConversionException naming the first such tensor and what it means
   */
  static void refuse(Checkpoint checkpoint) throws ConversionException {
    for (String tensor : checkpoint.tensors().keySet()) {
      for (Kind kind : Kind.values()) {
        if (kind.names.matcher(tensor).matches()) {
          throw new ConversionException(
              "%s has the tensor %s: %s.".formatted(checkpoint.source(), tensor, kind.meaning));
        }
      }
    }
  }
}
