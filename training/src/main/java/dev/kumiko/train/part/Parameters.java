package dev.kumiko.train.part;

import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the tensors that learn, as floats, and remembers them in the order in which parts ask for
 * them.
 */
public final class Parameters {
  private final ModelFile file;
  private final List<Parameter> all = new ArrayList<>();

  /** Reads from a model that stays open as long as parts are made. */
  public Parameters(ModelFile file) {
    this.file = file;
  }

  /** Returns what has been read. */
  public List<Parameter> all() {
    return List.copyOf(all);
  }

  /** Reads {@code [rows][columns]}. */
  Parameter matrix(String name, Kind kind, int rows, int columns) throws ModelFormatException {
    float[] values = file.tensor(name).expectWeights(rows, columns).toFloats();
    return remember(new Parameter(name, kind, rows, columns, values));
  }

  /** Reads {@code [size]}. */
  Parameter vector(String name, int size) throws ModelFormatException {
    float[] values = file.tensor(name).expectWeights(size).toFloats();
    return remember(new Parameter(name, Kind.BIAS_OR_NORM, 1, size, values));
  }

  /** One of several linear maps that share their input. */
  record Map(String name, int outputs) {}

  /** Reads linear maps that share their input, each {@code [its outputs][inputs]}. */
  LinearMap linear(Compute compute, boolean bias, int inputs, Map... maps)
      throws ModelFormatException {
    List<Parameter> weights = new ArrayList<>();
    List<Parameter> biases = new ArrayList<>();
    for (Map map : maps) {
      weights.add(matrix(TensorNames.weight(map.name()), Kind.WEIGHT, map.outputs(), inputs));
      if (bias) {
        biases.add(vector(TensorNames.bias(map.name()), map.outputs()));
      }
    }
    return new LinearMap(compute, weights, biases);
  }

  /** Reads a norm. */
  Norm norm(Compute compute, NormKind kind, boolean bias, double epsilon, int size, String part)
      throws ModelFormatException {
    Parameter gain = vector(TensorNames.weight(part), size);
    return new Norm(
        compute,
        kind,
        gain,
        bias ? Optional.of(vector(TensorNames.bias(part), size)) : Optional.empty(),
        epsilon);
  }

  private Parameter remember(Parameter parameter) {
    all.add(parameter);
    return parameter;
  }
}
