package dev.kumiko.tools;

import dev.kumiko.format.ModelDescription;

/** Keeps numbers of a model that nobody has trained from being taken for more. */
final class RandomWeights {
  private RandomWeights() {}

  /** Says so, if it is one. */
  static void mention(ModelDescription model, Streams streams) {
    if (model.hasRandomWeights()) {
      streams.say(model.name() + ": " + ModelDescription.RANDOM_WEIGHTS);
    }
  }
}
