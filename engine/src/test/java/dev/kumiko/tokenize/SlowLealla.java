package dev.kumiko.tokenize;

import dev.kumiko.tokenize.unicode.TensorFlowCharacters;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The rules of the original LEALLA's tokenizer, one after another, on lists of code points: as slow
 * and as plain as they can be written down.
 */
final class SlowLealla {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\p{IsWhite_Space}");

  private final Map<String, Integer> vocabulary;
  private final int unknown;

  SlowLealla(Map<String, Integer> vocabulary, int unknown) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
  }

  /** The ids of a text without specials. */
  List<Integer> ids(String text) {
    List<Integer> ids = new ArrayList<>();
    for (List<Integer> word : words(text)) {
      ids.addAll(pieces(word));
    }
    return ids;
  }

  /** The words of a text. */
  static List<List<Integer>> words(String text) {
    List<List<Integer>> words = new ArrayList<>();
    for (List<Integer> word : byScript(withoutControls(text))) {
      boolean han = TensorFlowCharacters.script(word.getFirst()) == TensorFlowCharacters.HAN;
      boolean emoji = word.stream().anyMatch(TensorFlowCharacters::isEmoji);
      boolean punctuation = word.stream().allMatch(TensorFlowCharacters::isPunctuation);
      if (han || emoji || punctuation) {
        word.forEach(c -> words.add(List.of(c)));
      } else {
        words.add(word);
      }
    }
    return words;
  }

  private static List<Integer> withoutControls(String text) {
    return text.codePoints().filter(c -> !TensorFlowCharacters.isControl(c)).boxed().toList();
  }

  /** Whole runs first, and then what is not white space of each. */
  private static List<List<Integer>> byScript(List<Integer> text) {
    List<List<Integer>> runs = new ArrayList<>();
    for (int i = 0; i < text.size(); i++) {
      int script = TensorFlowCharacters.script(text.get(i));
      if (i == 0 || script != TensorFlowCharacters.script(text.get(i - 1))) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(text.get(i));
    }
    runs.forEach(run -> run.removeIf(c -> WHITE_SPACE.matcher(Character.toString(c)).matches()));
    runs.removeIf(List::isEmpty);
    return runs;
  }

  private List<Integer> pieces(List<Integer> word) {
    if (spelt(word).getBytes(StandardCharsets.UTF_8).length > 100) {
      return List.of(unknown);
    }
    List<Integer> pieces = new ArrayList<>();
    int start = 0;
    while (start < word.size()) {
      int end = word.size();
      while (end > start && !vocabulary.containsKey(piece(word, start, end))) {
        end--;
      }
      if (end == start) {
        return List.of(unknown);
      }
      pieces.add(vocabulary.get(piece(word, start, end)));
      start = end;
    }
    return pieces;
  }

  private static String piece(List<Integer> word, int start, int end) {
    return (start == 0 ? "" : "##") + spelt(word.subList(start, end));
  }

  private static String spelt(List<Integer> codePoints) {
    StringBuilder text = new StringBuilder();
    codePoints.forEach(text::appendCodePoint);
    return text.toString();
  }
}
