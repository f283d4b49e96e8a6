package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import java.util.List;
import java.util.Optional;

/** What must hold within a description, whether it is read or about to be written. */
final class DescriptionCheck {
  /** More components than any model's vectors have. */
  private static final int LONGEST_VECTOR = 1 << 20;

  private DescriptionCheck() {}

  /** Returns the first thing that is wrong, for people; empty if nothing is. */
  static Optional<String> problem(ModelDescription description) {
    return ArchitectureCheck.problem(description.architecture())
        .or(() -> head(description))
        .or(() -> classifier(description))
        .or(() -> limits(description))
        .or(
            () ->
                description
                    .tokenizer()
                    .problem(description.architecture().vocabularySize())
                    .map(problem -> MetadataKeys.TOKENIZER + ": " + problem));
  }

  private static Optional<String> head(ModelDescription description) {
    if (description.head().pooling().isEmpty()) {
      return Optional.of(MetadataKeys.POOLING + " is empty");
    }
    List<HeadStep> steps = description.head().steps();
    for (int i = 0; i < steps.size(); i++) {
      String place = MetadataKeys.HEAD + ": [" + i + "].";
      if (steps.get(i) instanceof HeadStep.Dense dense
          && (dense.outputs() < 1 || dense.outputs() > LONGEST_VECTOR)) {
        return Optional.of(
            place + "outputs is " + dense.outputs() + ", but must be from 1 to " + LONGEST_VECTOR);
      }
      if (steps.get(i) instanceof HeadStep.Norm norm
          && !(norm.epsilon() > 0 && norm.epsilon() < 1)) {
        return Optional.of(place + "eps is " + norm.epsilon() + ", but must be between 0 and 1");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> classifier(ModelDescription description) {
    if (description.classifier().isEmpty()) {
      return Optional.empty();
    }
    int labels = description.classifier().get().labels().size();
    if (labels != description.dimension()) {
      return Optional.of(
          MetadataKeys.CLASSIFIER
              + ": labels has "
              + labels
              + " items, but the model's result has "
              + description.dimension()
              + " components");
    }
    return description.head().normalize()
        ? Optional.of(MetadataKeys.NORMALIZE + " is true, but scores are not normalised")
        : Optional.empty();
  }

  /** What scores may be asked for pairs, whatever it was made for. */
  private static int specials(ModelDescription description) {
    SpecialTokens tokens = description.tokenizer().specialTokens();
    int single = SpecialTokens.count(tokens.single());
    return description.classifier().isEmpty()
        ? single
        : Math.max(single, SpecialTokens.count(tokens.pair()));
  }

  private static Optional<String> limits(ModelDescription description) {
    if (description.name().isBlank()) {
      return Optional.of(MetadataKeys.NAME + " is empty");
    }
    int maxTokens = description.maxTokens();
    int positions = description.architecture().longestInput();
    int least = specials(description) + 1;
    if (maxTokens < least || maxTokens > positions) {
      return Optional.of(
          MetadataKeys.MAX_TOKENS
              + " is "
              + maxTokens
              + ", but must be from "
              + least
              + " to the number of positions, "
              + positions
              + "; special tokens are "
              + (least - 1)
              + " of them");
    }
    String prompt = description.defaultPrompt();
    if (!prompt.isEmpty() && !description.prompts().containsKey(prompt)) {
      return Optional.of(
          MetadataKeys.DEFAULT_PROMPT
              + " is "
              + Quoted.of(prompt)
              + ", but the prompts are "
              + description.prompts().keySet().stream().map(Quoted::of).toList());
    }
    return Optional.empty();
  }
}
