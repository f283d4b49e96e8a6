package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.IdBuffer;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Finds out what a normalisation form changed. Characters are decomposed, put in canonical order
 * and perhaps composed; each keeps its number on the way, and of those that are composed the
 * numbers are added. Belongs to one call.
 */
final class UnicodeChanges {
  /** Below it, nothing is decomposed. */
  private static final int FIRST_DECOMPOSED = 0xA0;

  private final Form form;
  private final Changes changes;

  UnicodeChanges(Form form, Changes changes) {
    this.form = form;
    this.changes = changes;
  }

  /** Adds those that made {@code result} of {@code text}. */
  void add(String text, String result) {
    if (text.equals(result)) {
      text.codePoints().forEach(codePoint -> changes.add(codePoint, 0));
      return;
    }
    boolean composes = form == Form.NFC || form == Form.NFKC;
    Form decomposing = form == Form.NFC || form == Form.NFD ? Form.NFD : Form.NFKD;
    IdBuffer parts = new IdBuffer(Integer.MAX_VALUE);
    IdBuffer numbers = new IdBuffer(Integer.MAX_VALUE);
    for (int codePoint : text.codePoints().toArray()) {
      int before = parts.size();
      for (int part : decompose(codePoint, decomposing)) {
        numbers.add(parts.size() == before ? 0 : 1);
        parts.add(part);
      }
    }
    int[] ordered =
        composes
            ? Normalizer.normalize(text, decomposing).codePoints().toArray()
            : result.codePoints().toArray();
    int[] orderedNumbers = inOrder(parts, numbers, ordered);
    if (composes) {
      addComposed(ordered, orderedNumbers, result);
    } else {
      for (int i = 0; i < ordered.length; i++) {
        changes.add(ordered[i], orderedNumbers[i]);
      }
    }
  }

  private static int[] decompose(int codePoint, Form form) {
    return codePoint < FIRST_DECOMPOSED
        ? new int[] {codePoint}
        : Normalizer.normalize(Character.toString(codePoint), form).codePoints().toArray();
  }

  /** Like characters stay in their order. */
  private static int[] inOrder(IdBuffer parts, IdBuffer numbers, int[] ordered) {
    Map<Integer, Queue<Integer>> waiting = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      waiting.computeIfAbsent(parts.get(i), part -> new ArrayDeque<>()).add(numbers.get(i));
    }
    int[] orderedNumbers = new int[ordered.length];
    for (int i = 0; i < ordered.length; i++) {
      orderedNumbers[i] = waiting.get(ordered[i]).remove();
    }
    return orderedNumbers;
  }

  private void addComposed(int[] parts, int[] numbers, String result) {
    boolean[] used = new boolean[parts.length];
    int next = 0;
    for (int codePoint : result.codePoints().toArray()) {
      int sum = 1;
      int place = next;
      for (int part : decompose(codePoint, Form.NFD)) {
        while (used[place] || parts[place] != part) {
          place++;
        }
        used[place] = true;
        sum += numbers[place] - 1;
      }
      changes.add(codePoint, sum);
      while (next < parts.length && used[next]) {
        next++;
      }
    }
  }
}
