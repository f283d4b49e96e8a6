package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * Several losses of the same vectors: {@code loss = sum of weight_k loss_k}.
 *
 * @param name what users call it
 * @param parts the losses with their weights; a part with weight 0 is left out
 */
public record WeightedSum(String name, List<Part> parts) implements Loss {
  /**
   * One of the losses.
   *
   * @param weight 0 or more
   * @param loss what is weighted
   */
  public record Part(double weight, Loss loss) {
    /** Checks the weight. */
    public Part {
      if (!(weight >= 0 && Double.isFinite(weight))) {
        throw new IllegalArgumentException(
            "The weight of %s is %s, expected 0 or more".formatted(loss.name(), weight));
      }
    }
  }

  /** Checks that a part is left. */
  public WeightedSum {
    parts = parts.stream().filter(part -> part.weight() != 0).toList();
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(name + ": all weights are 0");
    }
  }

  @Override
  public double apply(LossInput input, double weight) {
    double sum = 0;
    for (Part part : parts) {
      sum += part.weight() * part.loss().apply(input, weight * part.weight());
    }
    return sum;
  }

  @Override
  public List<Parameter> parameters() {
    return parts.stream().flatMap(part -> part.loss().parameters().stream()).toList();
  }
}
