package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.model.ModelInfo;

/** Keeps numbers of a model that nobody has trained from being taken for more. */
final class RandomWeights {
  private RandomWeights() {}

  /** Says so, if it is one. */
  static void mention(ModelInfo model, Streams streams) {
    if (model.hasRandomWeights()) {
      streams.say(model.name() + ": " + ModelDescription.RANDOM_WEIGHTS);
    }
  }
}
