package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.GraphemeClusters;
import dev.kumiko.tokenize.unicode.Utf8;

/**
 * SentencePiece's compiled normalisation rules, applied as the reference applies them: to whole
 * grapheme clusters if they are short, otherwise to each character.
 */
final class Precompiled implements Normalizer {
  /** Bytes; longer clusters are not looked up as a whole. */
  private static final int LONGEST_CLUSTER = 5;

  private final CharacterTrie rules;
  private final boolean[] replacedAscii = new boolean[0x80];

  Precompiled(CharacterTrie rules) {
    this.rules = rules;
    byte[] one = new byte[1];
    for (int c = 0; c < replacedAscii.length; c++) {
      one[0] = (byte) c;
      replacedAscii[c] = rules.find(one, 1) >= 0;
    }
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    StringBuilder normalized = new StringBuilder(text.length());
    Changes changes = Changes.to(alignment);
    byte[] cluster = new byte[LONGEST_CLUSTER + Utf8.LONGEST];
    int position = 0;
    while (position < text.length()) {
      char c = text.charAt(position);
      boolean alone = position + 1 == text.length() || text.charAt(position + 1) < 0x80;
      if (c < 0x80 && c != '\r' && alone && !replacedAscii[c]) {
        normalized.append(c);
        changes.add(c, 0);
        position++;
        continue;
      }
      int end = GraphemeClusters.end(text, position);
      if (!replace(text, position, end, cluster, normalized, changes)) {
        replaceEach(text, position, end, cluster, normalized, changes);
      }
      position = end;
    }
    changes.finish(text);
    return normalized.toString();
  }

  private void replaceEach(
      String text, int from, int to, byte[] scratch, StringBuilder normalized, Changes changes) {
    int position = from;
    while (position < to) {
      int codePoint = text.codePointAt(position);
      int next = position + Character.charCount(codePoint);
      if (!replace(text, position, next, scratch, normalized, changes)) {
        normalized.appendCodePoint(codePoint);
        changes.add(codePoint, 0);
      }
      position = next;
    }
  }

  private boolean replace(
      String text, int from, int to, byte[] scratch, StringBuilder normalized, Changes changes) {
    int length = 0;
    int position = from;
    while (position < to) {
      int codePoint = text.codePointAt(position);
      length = Utf8.put(codePoint, scratch, length);
      if (length > LONGEST_CLUSTER) {
        return false;
      }
      position += Character.charCount(codePoint);
    }
    int replacement = rules.find(scratch, length);
    if (replacement >= 0) {
      int before = normalized.length();
      rules.append(replacement, normalized);
      changes.replace(text, from, to, normalized, before);
    }
    return replacement >= 0;
  }
}
