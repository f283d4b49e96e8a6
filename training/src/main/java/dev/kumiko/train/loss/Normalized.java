package dev.kumiko.train.loss;

import dev.kumiko.train.parameter.Parameter;
import java.util.List;

/**
 * A loss of the vectors' directions: what it sees has length 1. A teacher's vectors stay as they
 * are.
 *
 * <pre>
 * u = v / |v|,  dv = (g - u (u . g)) / |v|
 * </pre>
 *
 * @param loss what is computed from the unit vectors
 */
public record Normalized(Loss loss) implements Loss {
  @Override
  public String name() {
    return loss.name();
  }

  @Override
  public List<Parameter> parameters() {
    return loss.parameters();
  }

  @Override
  public double apply(LossInput input, double weight) {
    List<UnitVectors> columns = input.columns().stream().map(UnitVectors::of).toList();
    List<SentenceVectors> units = columns.stream().map(UnitVectors::units).toList();
    double value = loss.apply(input.with(units, input.targets()), weight);
    columns.forEach(UnitVectors::propagate);
    return value;
  }
}
