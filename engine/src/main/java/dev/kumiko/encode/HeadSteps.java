package dev.kumiko.encode;

import dev.kumiko.format.Activation;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is done to a pooled vector. Immutable and safe for concurrent use. */
public final class HeadSteps {
  private interface Step {
    float[] apply(float[] vector, Workspace w);
  }

  private final Kernels kernels;
  private final List<Step> steps = new ArrayList<>();

  /**
   * Reads and packs the weights.
   *
   * @param file may be closed afterwards
   * @throws ModelFormatException if a tensor is absent or has another type or shape than described
   */
  public HeadSteps(ModelDescription description, ModelFile file, Kernels kernels)
      throws ModelFormatException {
    this.kernels = kernels;
    List<HeadStep> described = description.head().steps();
    for (int i = 0; i < described.size(); i++) {
      int inputs = description.head().inputs(i, description.architecture().hiddenSize());
      steps.add(step(described.get(i), file, TensorNames.headStep(i), inputs));
    }
  }

  /**
   * Applies all steps.
   *
   * @param vector the pooled vector, may be overwritten
   * @param w lends its scratch memory
   * @return {@code vector} or a new array
   */
  public float[] apply(float[] vector, Workspace w) {
    float[] result = vector;
    for (Step step : steps) {
      result = step.apply(result, w);
    }
    return result;
  }

  private Step step(HeadStep step, ModelFile file, String part, int inputs)
      throws ModelFormatException {
    if (step instanceof HeadStep.Dense dense) {
      return dense(dense, file, part, inputs);
    }
    if (step instanceof HeadStep.Norm norm) {
      float[] gain = tensor(file, TensorNames.weight(part), inputs);
      float[] bias = bias(file, part, inputs, norm.bias());
      LayerNorm layerNorm = new LayerNorm(gain, bias, (float) norm.epsilon());
      return (vector, w) -> {
        kernels.addAndNormalize(vector, null, 0, 1, layerNorm);
        return vector;
      };
    }
    return (vector, w) -> {
      Pooler.normalize(vector);
      return vector;
    };
  }

  private Step dense(HeadStep.Dense dense, ModelFile file, String part, int inputs)
      throws ModelFormatException {
    int outputs = dense.outputs();
    float[] weight = tensor(file, TensorNames.weight(part), outputs, inputs);
    Linear linear =
        kernels.linear(weight, bias(file, part, outputs, dense.bias()), outputs, inputs);
    return (vector, w) -> {
      float[] result = new float[outputs];
      linear.apply(vector, 0, 1, result, 0, w.scratch());
      activate(kernels, dense.activation(), result);
      return result;
    };
  }

  private static float[] bias(ModelFile file, String part, int size, boolean present)
      throws ModelFormatException {
    return present ? tensor(file, TensorNames.bias(part), size) : new float[size];
  }

  private static float[] tensor(ModelFile file, String name, long... shape)
      throws ModelFormatException {
    return file.tensor(name).expectWeights(shape).toFloats();
  }

  /** Applies an activation in place. */
  public static void activate(Kernels kernels, HeadActivation activation, float[] x) {
    Optional<Activation> kernel = activation.ofLayers();
    if (kernel.isPresent()) {
      kernels.activate(kernel.get(), x, 0, x.length);
    } else if (activation != HeadActivation.IDENTITY) {
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) smooth(activation, x[i]);
      }
    }
  }

  private static double smooth(HeadActivation activation, double x) {
    if (activation == HeadActivation.TANH) {
      return Math.tanh(x);
    }
    double sigmoid = 1 / (1 + Math.exp(-x));
    return activation == HeadActivation.SIGMOID ? sigmoid : x * sigmoid;
  }
}
