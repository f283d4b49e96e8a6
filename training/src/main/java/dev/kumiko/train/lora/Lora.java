package dev.kumiko.train.lora;

import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import dev.kumiko.train.random.SeededRandom;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Training of few numbers: some weight matrices change by products of thin matrices (LoRA), all
 * else is frozen. The model's own matrices always hold the sum, so that it computes as ever, and
 * merging consists of forgetting this object. A step is: backward pass, {@link #propagate}, the
 * optimiser with {@link #parameters}, {@link #compose}. For one thread at a time.
 */
public final class Lora {
  private final List<LowRankUpdate> updates;

  private Lora(List<LowRankUpdate> updates) {
    this.updates = updates;
  }

  /**
   * Attaches to the weight matrices in whose name a pattern is found and that are not frozen, and
   * freezes all other parameters.
   *
   * @param parameters a model's parameters
   * @param rank how many rows and columns the thin matrices have
   * @param alpha the change is multiplied by alpha / rank
   * @throws IllegalArgumentException if there is no such matrix, or one is smaller than the rank
   */
  public static Lora attach(
      List<Parameter> parameters, Pattern names, int rank, double alpha, SeededRandom random) {
    if (!(alpha > 0 && Double.isFinite(alpha))) {
      throw new IllegalArgumentException(
          "LoRA's alpha is %s, expected a positive number".formatted(alpha));
    }
    List<LowRankUpdate> updates =
        parameters.stream()
            .filter(p -> p.kind() == Kind.WEIGHT && !p.isFrozen())
            .filter(p -> names.matcher(p.name()).find())
            .map(p -> new LowRankUpdate(p, rank, alpha, random))
            .toList();
    if (updates.isEmpty()) {
      throw new IllegalArgumentException(
          "LoRA for \"%s\", but no weight matrix has such a name".formatted(names));
    }
    List<Parameter> changed = updates.stream().map(LowRankUpdate::weight).toList();
    parameters.stream().filter(p -> !changed.contains(p)).forEach(p -> p.freeze(true));
    return new Lora(updates);
  }

  /** Returns what learns: A, {@code [rank][inputs]}, and B, {@code [outputs][rank]}, of each. */
  public List<Parameter> parameters() {
    return updates.stream().flatMap(update -> Stream.of(update.a(), update.b())).toList();
  }

  /** Gives the model's matrices the values that follow from A and B. */
  public void compose(Threads threads) {
    updates.forEach(update -> update.compose(threads));
  }

  /** Adds to the gradients of A and B what follows from the matrices', and clears these. */
  public void propagate(Threads threads) {
    updates.forEach(update -> update.propagate(threads));
  }
}
