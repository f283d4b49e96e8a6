package dev.kumiko.tools.convert.tokenizer;

import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.flag;
import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.present;
import static dev.kumiko.tools.convert.tokenizer.TokenizerJson.unsupported;

import dev.kumiko.format.Json;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.SplitStep.Behavior;
import dev.kumiko.format.SplitStep.Prepend;
import dev.kumiko.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section {@code pre_tokenizer}: one step, or a sequence of them. */
final class SplitJson {
  private static final String SUPPORTED =
      "BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, Digits, Metaspace, ByteLevel,"
          + " Split and Sequence";

  private SplitJson() {}

  static List<SplitStep> read(Optional<Json> preTokenizer) throws ModelFormatException {
    List<SplitStep> steps = new ArrayList<>();
    if (preTokenizer.isPresent()) {
      add(preTokenizer.get(), steps);
    }
    return steps;
  }

  private static void add(Json preTokenizer, List<SplitStep> steps) throws ModelFormatException {
    Json type = preTokenizer.get("type");
    if (type.asString().equals("Sequence")) {
      for (Json step : preTokenizer.get("pretokenizers").items()) {
        add(step, steps);
      }
    } else {
      steps.add(step(preTokenizer, type));
    }
  }

  private static SplitStep step(Json step, Json type) throws ModelFormatException {
    return switch (type.asString()) {
      case "BertPreTokenizer" -> SplitStep.Simple.BERT;
      case "Whitespace" -> SplitStep.Simple.WHITESPACE;
      case "WhitespaceSplit" -> SplitStep.Simple.WHITESPACE_SPLIT;
      case "Punctuation" -> {
        Optional<Json> behavior = present(step, "behavior");
        yield new SplitStep.Punctuation(
            behavior.isPresent() ? behavior(behavior.get()) : Behavior.ISOLATED);
      }
      case "Digits" -> new SplitStep.Digits(step.get("individual_digits").asBoolean());
      case "Metaspace" ->
          new SplitStep.Metaspace(
              step.get("replacement").asString(), prepend(step), flag(step, "split", true));
      case "ByteLevel" ->
          new SplitStep.ByteLevel(
              step.get("add_prefix_space").asBoolean(), flag(step, "use_regex", true));
      case "Split" ->
          new SplitStep.Split(
              PatternJson.read(step.get("pattern")),
              behavior(step.get("behavior")),
              step.get("invert").asBoolean());
      default -> throw unsupported(type, SUPPORTED);
    };
  }

  private static Behavior behavior(Json behavior) throws ModelFormatException {
    return switch (behavior.asString()) {
      case "Removed" -> Behavior.REMOVED;
      case "Isolated" -> Behavior.ISOLATED;
      case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
      case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
      case "Contiguous" -> Behavior.CONTIGUOUS;
      default ->
          throw unsupported(
              behavior, "Removed, Isolated, MergedWithPrevious, MergedWithNext and Contiguous");
    };
  }

  /** Files of older versions say {@code add_prefix_space} instead. */
  private static Prepend prepend(Json metaspace) throws ModelFormatException {
    Optional<Json> scheme = present(metaspace, "prepend_scheme");
    if (scheme.isEmpty()) {
      return flag(metaspace, "add_prefix_space", true) ? Prepend.ALWAYS : Prepend.NEVER;
    }
    return switch (scheme.get().asString()) {
      case "always" -> Prepend.ALWAYS;
      case "first" -> Prepend.FIRST;
      case "never" -> Prepend.NEVER;
      default -> throw unsupported(scheme.get(), "always, first and never");
    };
  }
}
