package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From the token vectors of texts to one vector, or the scores of a classifier, for each. */
public final class TextHead {
  private final Compute compute;
  private final Head head;
  private final int hiddenSize;
  private final List<HeadPart> steps = new ArrayList<>();

  /**
   * Reads the steps behind the pooling.
   *
   * @param parameters remembers what learns
   * @throws ModelFormatException if a tensor is absent or has another type or shape than described
   */
  public TextHead(ModelDescription description, Compute compute, Parameters parameters)
      throws ModelFormatException {
    this.compute = compute;
    this.head = description.head();
    this.hiddenSize = description.architecture().hiddenSize();
    for (int i = 0; i < head.steps().size(); i++) {
      String part = TensorNames.headStep(i);
      steps.add(step(head.steps().get(i), part, head.inputs(i, hiddenSize), parameters));
    }
    if (head.normalize()) {
      steps.add(new Normalize(compute.pool(), description.dimension()));
    }
  }

  private HeadPart step(HeadStep step, String part, int inputs, Parameters parameters)
      throws ModelFormatException {
    if (step instanceof HeadStep.Dense dense) {
      return new Dense(
          compute,
          parameters.linear(
              compute, dense.bias(), inputs, new Parameters.Map(part, dense.outputs())),
          dense.activation());
    }
    if (step instanceof HeadStep.Norm norm) {
      return parameters.norm(
              compute, NormKind.LAYER_NORM, norm.bias(), norm.epsilon(), inputs, part)
          ::forward;
    }
    return new Normalize(compute.pool(), inputs);
  }

  /** Takes over parameters that have changed. */
  public void refresh() {
    steps.forEach(HeadPart::refresh);
  }

  /**
   * Computes {@code [texts][dimension]}.
   *
   * @param skipped for each text, so many tokens are not pooled from the first on
   * @param hidden {@code [rows][hidden]}, kept
   */
  public Result forward(PackedTexts texts, int[] skipped, float[] hidden) {
    List<Result> results = new ArrayList<>();
    results.add(new Pooled(compute, head.pooling(), texts, skipped, hidden, hiddenSize));
    for (HeadPart step : steps) {
      results.add(step.forward(results.getLast().output(), texts.texts()));
    }
    float[] output =
        Arrays.copyOf(results.getLast().output(), texts.texts() * head.dimension(hiddenSize));
    return new Result() {
      @Override
      public float[] output() {
        return output;
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] g = results.getLast().backward(gradient);
        for (Result result : results.subList(0, results.size() - 1).reversed()) {
          float[] behind = g;
          g = result.backward(behind);
          compute.pool().give(behind);
        }
        return g;
      }

      @Override
      public void release() {
        results.forEach(Result::release);
      }
    };
  }
}
