package dev.kumiko.train.optimize;

import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * The learning rates that a run reaches after its warm-up, by parameter. A parameter with rate 0 is
 * frozen. Immutable.
 */
public final class Rates {
  private final double rate;
  private final OptionalDouble tables;
  private final Map<Pattern, Double> byName;

  private Rates(double rate, OptionalDouble tables, Map<Pattern, Double> byName) {
    this.rate = rate;
    this.tables = tables;
    this.byName = byName;
  }

  /**
   * {@return the same rate for all parameters}
   *
   * @param rate 0 or more
   */
  public static Rates of(double rate) {
    return new Rates(checked(rate), OptionalDouble.empty(), Map.of());
  }

  /**
   * {@return these rates with another one for tables of token, position and type vectors}
   *
   * @param tableRate 0 or more
   */
  public Rates tables(double tableRate) {
    return new Rates(rate, OptionalDouble.of(checked(tableRate)), byName);
  }

  /**
   * {@return these rates with another one for all parameters in whose name the pattern is found}
   * What was said first wins, and over {@link #tables}.
   *
   * @param name is looked for in the tensors' names
   * @param namedRate 0 or more
   */
  public Rates named(Pattern name, double namedRate) {
    Map<Pattern, Double> more = new LinkedHashMap<>(byName);
    more.put(name, checked(namedRate));
    return new Rates(rate, tables, more);
  }

  private static double checked(double rate) {
    if (!(rate >= 0 && Double.isFinite(rate))) {
      throw new IllegalArgumentException(
          "The learning rate is %s, expected 0 or more".formatted(rate));
    }
    return rate;
  }

  /**
   * {@return a parameter's rate}
   *
   * @param parameter one of those that learn
   */
  public double of(Parameter parameter) {
    for (Map.Entry<Pattern, Double> entry : byName.entrySet()) {
      if (entry.getKey().matcher(parameter.name()).find()) {
        return entry.getValue();
      }
    }
    return parameter.kind() == Kind.TABLE ? tables.orElse(rate) : rate;
  }

  /**
   * Freezes the parameters with rate 0.
   *
   * @param parameters what could learn
   * @return the others
   * @throws IllegalArgumentException if a pattern is found in no name, or none is left to learn
   */
  public List<Parameter> freeze(List<Parameter> parameters) {
    for (Pattern pattern : byName.keySet()) {
      if (parameters.stream().noneMatch(p -> pattern.matcher(p.name()).find())) {
        throw new IllegalArgumentException(
            "A learning rate for \"%s\", but no parameter has such a name".formatted(pattern));
      }
    }
    parameters.stream().filter(p -> of(p) == 0).forEach(p -> p.freeze(true));
    List<Parameter> learning = parameters.stream().filter(p -> !p.isFrozen()).toList();
    if (learning.isEmpty()) {
      throw new IllegalArgumentException(
          "All %,d parameters are frozen, nothing is left to learn".formatted(parameters.size()));
    }
    return learning;
  }
}
