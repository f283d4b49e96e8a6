package dev.kumiko.tools.convert.huggingface;

import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import java.util.ArrayList;
import java.util.List;

/** The steps from token vectors to raw scores, and what their tensors are called. */
final class ClassifierHead {
  private final Pooling pooling;
  private final List<HeadStep> steps = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  ClassifierHead(Pooling pooling) {
    this.pooling = pooling;
  }

  /** Adds a linear map with bias. */
  ClassifierHead dense(String name, int outputs, HeadActivation activation) {
    return dense(name, outputs, true, activation);
  }

  ClassifierHead dense(String name, int outputs, boolean bias, HeadActivation activation) {
    return add(name, new HeadStep.Dense(outputs, bias, activation));
  }

  ClassifierHead norm(String name, double epsilon, boolean bias) {
    return add(name, new HeadStep.Norm(epsilon, bias));
  }

  private ClassifierHead add(String name, HeadStep step) {
    names.add(name);
    steps.add(step);
    return this;
  }

  Pooling pooling() {
    return pooling;
  }

  List<HeadStep> steps() {
    return steps;
  }

  /** Names the sources of the steps' tensors. */
  void addTo(TensorSources sources) {
    for (int i = 0; i < names.size(); i++) {
      sources.part(TensorNames.headStep(i), names.get(i));
    }
  }
}
