package dev.kumiko.train.model;

import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.LocalAttention;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.Layout.RelativeBias;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.train.ModelFiles;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Models of odd sizes that together have every part an encoder can be composed of. */
final class SmallModels {
  private static final int VOCABULARY = 11;
  private static final int POSITIONS = 13;

  /** Where the first step of a head has a bias, its LayerNorm has none. */
  private static final Set<HeadActivation> BIASED =
      EnumSet.of(HeadActivation.TANH, HeadActivation.RELU, HeadActivation.SIGMOID);

  private SmallModels() {}

  /** By what is special about them. */
  static Map<String, ModelDescription> all() {
    Map<String, ModelDescription> models = new LinkedHashMap<>();
    models.put("as BERT", model(9, 3, 7, Activation.GELU, 2, Layout.BERT, Pooling.MEAN));
    models.put(
        "positions behind padding, relative bias",
        model(10, 2, 9, Activation.RELU, 0, relativeBias(), Pooling.CLS));
    models.put(
        "rotary, local, norms before, gated, no biases",
        model(12, 2, 5, Activation.GELU, 0, modern(), Pooling.WEIGHTED_MEAN));
    models.put(
        "rotary, gated, norms after",
        model(
            4,
            1,
            11,
            Activation.GELU_TANH,
            1,
            layout(NormPlace.AFTER, true),
            Pooling.MEAN_SQRT_LEN));
    models.put(
        "one component a head",
        model(5, 5, 3, Activation.GELU, 2, Layout.BERT, Pooling.LAST_TOKEN));
    models.put(
        "several poolings, normalised",
        ModelFiles.description(
            architecture(6, 3, 7, Activation.GELU_TANH, 1, layout(NormPlace.BEFORE, false)),
            new Head(List.of(Pooling.MAX, Pooling.MEAN, Pooling.CLS), true, List.of(), true)));
    for (HeadActivation activation : HeadActivation.values()) {
      models.put("head with " + activation, head(activation));
    }
    return models;
  }

  private static ModelDescription head(HeadActivation activation) {
    boolean bias = BIASED.contains(activation);
    return ModelFiles.description(
        architecture(6, 3, 7, Activation.GELU, 2, Layout.BERT),
        new Head(
            List.of(Pooling.MEAN),
            true,
            List.of(
                new HeadStep.Dense(7, bias, activation),
                new HeadStep.Norm(1e-5, !bias),
                new HeadStep.Dense(5, false, activation),
                new HeadStep.Normalize(),
                new HeadStep.Dense(3, true, HeadActivation.IDENTITY)),
            false));
  }

  private static ModelDescription model(
      int hidden,
      int heads,
      int inner,
      Activation activation,
      int types,
      Layout layout,
      Pooling pooling) {
    return ModelFiles.description(
        architecture(hidden, heads, inner, activation, types, layout), new Head(pooling, false));
  }

  private static Architecture architecture(
      int hidden, int heads, int inner, Activation activation, int types, Layout layout) {
    return new Architecture(
        "small", 2, hidden, heads, inner, activation, 1e-5, VOCABULARY, POSITIONS, types, layout);
  }

  private static Layout relativeBias() {
    return new Layout(
        Position.Learned.behind(1),
        Optional.of(new RelativeBias(8, 6)),
        Optional.empty(),
        NormPlace.AFTER,
        false,
        true,
        true);
  }

  private static Layout modern() {
    return new Layout(
        new Position.Rotary(160, 10),
        Optional.empty(),
        Optional.of(new LocalAttention(2, List.of(1))),
        NormPlace.BEFORE,
        true,
        false,
        false);
  }

  private static Layout layout(NormPlace place, boolean gated) {
    return new Layout(
        new Position.Rotary(1000, 1000),
        Optional.empty(),
        Optional.empty(),
        place,
        gated,
        !gated,
        true);
  }
}
