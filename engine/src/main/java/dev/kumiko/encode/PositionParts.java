package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import dev.kumiko.model.ModelFormatException;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What attention knows of positions, made once and shared by the layers. */
public final class PositionParts {
  private static final int FAR = Integer.MAX_VALUE;

  private final List<Integer> localLayers;
  private final IntFunction<Distances> anyDistance;
  private final IntFunction<Distances> localDistances;
  private final Optional<Rotary> rotary;
  private final Optional<Rotary> localRotary;

  /**
   * Makes what the architecture's layout asks for.
   *
   * @param bias {@code [buckets][heads]} if there is a relative bias, kept; otherwise not used
   */
  public PositionParts(Architecture a, float[] bias) {
    Layout layout = a.layout();
    Optional<Layout.LocalAttention> local = layout.localAttention();
    boolean causal = layout.attention().causal();
    this.localLayers = local.map(Layout.LocalAttention::layers).orElse(List.of());
    this.anyDistance = distances(a, bias, FAR, causal ? 0 : FAR);
    this.localDistances =
        local.isPresent()
            ? distances(a, bias, local.get().window(), causal ? 0 : local.get().window())
            : anyDistance;
    if (layout.position() instanceof Position.Rotary angles) {
      this.rotary = Optional.of(new Rotary(a, angles.theta(), angles.scaling()));
      this.localRotary =
          localLayers.isEmpty() || isLocalTheSame(angles)
              ? rotary
              : Optional.of(new Rotary(a, angles.localTheta(), angles.localScaling()));
    } else {
      this.rotary = Optional.empty();
      this.localRotary = Optional.empty();
    }
  }

  static PositionParts read(Architecture a, Weights weights) throws ModelFormatException {
    Optional<Layout.RelativeBias> bias = a.layout().relativeBias();
    return new PositionParts(
        a,
        bias.isPresent()
            ? weights.matrix(TensorNames.RELATIVE_BIAS, bias.get().buckets(), a.attentionHeads())
            : new float[0]);
  }

  private static boolean isLocalTheSame(Position.Rotary angles) {
    return angles.localTheta() == angles.theta() && angles.localScaling().equals(angles.scaling());
  }

  private static IntFunction<Distances> distances(
      Architecture a, float[] bias, int behind, int ahead) {
    int heads = a.attentionHeads();
    if (a.layout().relativeBias().isPresent()) {
      Layout.RelativeBias buckets = a.layout().relativeBias().get();
      return new AttentionBias(
              a, (head, distance) -> bias[buckets.bucket(distance) * heads + head], behind, ahead)
          ::upTo;
    }
    if (a.layout().position() instanceof Position.Alibi) {
      float[] slopes = Position.Alibi.slopes(heads);
      return new AttentionBias(
              a, (head, distance) -> -slopes[head] * Math.abs(distance), behind, ahead)
          ::upTo;
    }
    Distances distances = new Distances(behind, ahead, new float[0][]);
    return tokens -> distances;
  }

  /**
   * Returns, for a number of tokens, which keys a query sees in a layer and the bias of their
   * scores.
   */
  public IntFunction<Distances> distances(int layer) {
    return localLayers.contains(layer) ? localDistances : anyDistance;
  }

  /** Returns how queries and keys are rotated in a layer, if they are. */
  public Optional<Rotary> rotary(int layer) {
    return localLayers.contains(layer) ? localRotary : rotary;
  }
}
