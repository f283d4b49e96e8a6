package dev.kumiko.train.part;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.Attention;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which parts have a backward pass. */
final class Learnable {
  private Learnable() {}

  /**
   * Refuses an encoder with others.
   *
   * @throws ModelFormatException naming them
   */
  static void require(Architecture a, ModelFile file) throws ModelFormatException {
    List<String> others = new ArrayList<>();
    Layout layout = a.layout();
    if (layout.normKind() != NormKind.LAYER_NORM) {
      others.add("RMSNorm");
    }
    if (layout.norm() != NormPlace.AFTER && layout.norm() != NormPlace.BEFORE) {
      others.add("norms " + layout.norm().name().toLowerCase(Locale.ROOT));
    }
    if (!layout.attention().equals(Attention.PLAIN)) {
      others.add("causal or grouped attention, or norms of queries and keys");
    }
    if (layout.position() instanceof Position.Alibi) {
      others.add("slopes by distance");
    }
    if (a.activation() == Activation.SILU) {
      others.add("SiLU");
    }
    if (!layout.linearBias() && !layout.biased().isEmpty()) {
      others.add("biases of some linear maps only");
    }
    if (layout.embeddingFactor() != 1) {
      others.add("multiplied token vectors");
    }
    if (!others.isEmpty()) {
      throw new ModelFormatException(
          Reason.VALUE_OUT_OF_RANGE,
          "%s: a %s has parts that Kumiko cannot train yet: %s."
              .formatted(file.source(), a.family(), String.join(", ", others)),
          -1,
          "");
    }
  }
}
