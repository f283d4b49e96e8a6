package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Distances;
import java.util.List;
import java.util.Optional;

/** What attention knows of positions, made once and shared by the layers. */
final class PositionParts {
  private final List<Integer> localLayers;
  private final Distances anyDistance;
  private final Distances localDistances;
  private final Optional<Rotary> rotary;
  private final Optional<Rotary> localRotary;

  PositionParts(Architecture a, Weights weights) throws ModelFormatException {
    Layout layout = a.layout();
    Optional<Layout.LocalAttention> local = layout.localAttention();
    float[][] bias = layout.relativeBias().isPresent() ? bias(a, weights) : new float[0][];
    this.localLayers = local.map(Layout.LocalAttention::layers).orElse(List.of());
    this.anyDistance = new Distances(Integer.MAX_VALUE, bias);
    this.localDistances = local.map(near -> new Distances(near.window(), bias)).orElse(anyDistance);
    if (layout.position() instanceof Position.Rotary angles) {
      this.rotary = Optional.of(new Rotary(a, angles.theta()));
      this.localRotary =
          localLayers.isEmpty() ? rotary : Optional.of(new Rotary(a, angles.localTheta()));
    } else {
      this.rotary = Optional.empty();
      this.localRotary = Optional.empty();
    }
  }

  /** Spreads the buckets: {@code [heads][2 * longest input - 1]} by distance. */
  private static float[][] bias(Architecture a, Weights weights) throws ModelFormatException {
    Layout.RelativeBias buckets = a.layout().relativeBias().orElseThrow();
    int heads = a.attentionHeads();
    float[] table = weights.matrix(TensorNames.RELATIVE_BIAS, buckets.buckets(), heads);
    int middle = a.longestInput() - 1;
    float[][] bias = new float[heads][2 * middle + 1];
    for (int distance = -middle; distance <= middle; distance++) {
      int bucket = buckets.bucket(distance);
      for (int head = 0; head < heads; head++) {
        bias[head][middle + distance] = table[bucket * heads + head];
      }
    }
    return bias;
  }

  /** Returns which keys a query sees in a layer, and the bias of their scores. */
  Distances distances(int layer) {
    return localLayers.contains(layer) ? localDistances : anyDistance;
  }

  /** Returns how queries and keys are rotated in a layer, if they are. */
  Optional<Rotary> rotary(int layer) {
    return localLayers.contains(layer) ? localRotary : rotary;
  }
}
