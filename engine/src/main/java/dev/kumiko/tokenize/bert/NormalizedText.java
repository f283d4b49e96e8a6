package dev.kumiko.tokenize.bert;

import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import java.util.Arrays;

/**
 * Reads a text as its normalised code points, one after another. Belongs to one call.
 *
 * <p>An entry is a code point with one of the kinds {@code WORD}, {@code SPACE}, {@code
 * PUNCTUATION} and {@code IDEOGRAPH} of {@link CharacterMap}.
 */
public final class NormalizedText {
  /** What {@link #next} answers at the end of the text. */
  static final int END = -1;

  private static final int[] NOTHING = {};

  private final CharacterMap map;
  private final int[] ascii;
  private final String text;
  private final int end;
  private int position;

  /** Entries that come before the text at {@link #position}. */
  private int[] queue = NOTHING;

  private int queueStart;
  private int queueEnd;

  /** Reads {@code text[from, to)}, which has no lone surrogates. */
  public NormalizedText(CharacterMap map, String text, int from, int to) {
    this.map = map;
    this.ascii = map.block(0);
    this.text = text;
    this.position = from;
    this.end = to;
  }

  /** The next entry, or {@link #END}. */
  int next() {
    int entry = read();
    while (entry >= 0 && CharacterMap.kind(entry) >= CharacterMap.BARRIER) {
      if (CharacterMap.kind(entry) == CharacterMap.MARK) {
        queueInOrder(entry);
      }
      entry = read();
    }
    return entry;
  }

  /** The rest of the normalised text. */
  public String readAll() {
    StringBuilder normalized = new StringBuilder(end - position);
    for (int entry = next(); entry != END; entry = next()) {
      if (CharacterMap.kind(entry) == CharacterMap.IDEOGRAPH) {
        normalized.append(' ').appendCodePoint(CharacterMap.codePoint(entry)).append(' ');
      } else {
        normalized.appendCodePoint(CharacterMap.codePoint(entry));
      }
    }
    return normalized.toString();
  }

  /** The next entry that is neither dropped nor several. */
  private int read() {
    if (queueStart < queueEnd) {
      return queue[queueStart++];
    }
    while (position < end) {
      char c = text.charAt(position++);
      int entry = c < CharacterMap.BLOCK_SIZE ? ascii[c] : readBeyondAscii(c);
      if (CharacterMap.kind(entry) != CharacterMap.DROPPED) {
        return entry;
      }
    }
    return END;
  }

  private int readBeyondAscii(char c) {
    int codePoint = c;
    if (Character.isHighSurrogate(c)) {
      codePoint = Character.toCodePoint(c, text.charAt(position++));
    }
    int[] block = map.block(codePoint);
    int entry = block[codePoint % CharacterMap.BLOCK_SIZE];
    if (CharacterMap.kind(entry) != CharacterMap.SEVERAL) {
      return entry;
    }
    int count = CharacterMap.codePoint(entry);
    queue = block;
    queueStart = count + 1;
    queueEnd = queueStart + block[count];
    return queue[queueStart++];
  }

  /**
   * Queues a run of marks in canonical order: by combining class, otherwise as they came. What
   * follows the run stays behind it.
   */
  private void queueInOrder(int firstMark) {
    IdBuffer marks = new IdBuffer(Integer.MAX_VALUE);
    int entry = firstMark;
    while (entry >= 0 && CharacterMap.kind(entry) == CharacterMap.MARK) {
      marks.add(CharacterMap.codePoint(entry));
      entry = read();
    }
    long[] keys = new long[marks.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) CharacterClasses.keptMarkClass(marks.get(i)) << Integer.SIZE | i;
    }
    Arrays.sort(keys);

    IdBuffer ordered = new IdBuffer(Integer.MAX_VALUE);
    for (long key : keys) {
      ordered.add(CharacterMap.entry(CharacterMap.WORD, marks.get((int) key)));
    }
    if (entry >= 0) {
      ordered.add(entry);
    }
    for (int i = queueStart; i < queueEnd; i++) {
      ordered.add(queue[i]);
    }
    queue = ordered.toArray(ordered.size());
    queueStart = 0;
    queueEnd = queue.length;
  }
}
