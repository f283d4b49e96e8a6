package dev.kumiko.tokenize.bert;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.unicode.CharacterClasses;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What normalisation makes of each code point: zero or more entries, each a code point with its
 * {@link #kind}. Built block by block as texts need them; safe for concurrent use.
 *
 * <p>Looking at one code point at a time is enough: beyond it, only the canonical order of
 * combining marks depends on the neighbours, and {@link NormalizedText} sees to that.
 */
public final class CharacterMap {
  /** Part of a word. */
  static final int WORD = 0;

  /** Separates words. */
  static final int SPACE = 1;

  /** A word on its own. */
  static final int PUNCTUATION = 2;

  /** A word on its own, with blanks put around it. */
  static final int IDEOGRAPH = 3;

  /** Leaves nothing. */
  static final int DROPPED = 4;

  /** Leaves nothing, but marks on either side of it are put in order separately. */
  static final int BARRIER = 5;

  /** Part of a word; has a combining class, so its place among its neighbours is to be found. */
  static final int MARK = 6;

  /**
   * Several entries; the code point is replaced by their place in the block, see {@link #block}.
   */
  static final int SEVERAL = 7;

  static final int BLOCK_SIZE = 128;

  private static final int KIND_SHIFT = 21;
  private static final int CODE_POINT_MASK = (1 << KIND_SHIFT) - 1;

  private final boolean cleanText;
  private final boolean handleChineseChars;
  private final boolean stripAccents;
  private final boolean lowercase;
  private final AtomicReferenceArray<int[]> blocks =
      new AtomicReferenceArray<>((Character.MAX_CODE_POINT + 1) / BLOCK_SIZE);

  /** A map for these settings. */
  public CharacterMap(NormalizerStep.Bert settings) {
    this.cleanText = settings.cleanText();
    this.handleChineseChars = settings.handleChineseChars();
    this.stripAccents = settings.stripAccents();
    this.lowercase = settings.lowercase();
  }

  static int kind(int entry) {
    return entry >>> KIND_SHIFT;
  }

  static int codePoint(int entry) {
    return entry & CODE_POINT_MASK;
  }

  static int entry(int kind, int codePoint) {
    return kind << KIND_SHIFT | codePoint;
  }

  /**
   * The entries of the {@link #BLOCK_SIZE} code points around this one. One of kind {@link
   * #SEVERAL} points behind them, to a count and that many entries. Not to be changed.
   */
  int[] block(int codePoint) {
    int index = codePoint / BLOCK_SIZE;
    int[] block = blocks.getAcquire(index);
    if (block == null) {
      block = build(index * BLOCK_SIZE);
      blocks.setRelease(index, block);
    }
    return block;
  }

  private int[] build(int first) {
    IdBuffer block = new IdBuffer(Integer.MAX_VALUE);
    for (int i = 0; i < BLOCK_SIZE; i++) {
      block.add(entry(DROPPED, 0));
    }
    IdBuffer image = new IdBuffer(Integer.MAX_VALUE);
    for (int i = 0; i < BLOCK_SIZE; i++) {
      image.truncate(0);
      addImage(first + i, image);
      if (image.size() == 1) {
        block.set(i, image.get(0));
      } else if (image.size() > 1) {
        block.set(i, entry(SEVERAL, block.size()));
        block.add(image.size());
        for (int j = 0; j < image.size(); j++) {
          block.add(image.get(j));
        }
      }
    }
    return block.toArray(block.size());
  }

  private void addImage(int original, IdBuffer image) {
    if (cleanText && CharacterClasses.isRemoved(original)) {
      return;
    }
    int cleaned = cleanText && CharacterClasses.isWhiteSpace(original) ? ' ' : original;
    boolean ideograph = handleChineseChars && CharacterClasses.isIdeograph(cleaned);
    if (!stripAccents) {
      addLowerCased(cleaned, ideograph, image);
      return;
    }
    for (int part : CharacterClasses.decompose(cleaned)) {
      if (!CharacterClasses.isNonSpacingMark(part)) {
        addLowerCased(part, ideograph, image);
      } else if (!CharacterClasses.isReordered(part)) {
        image.add(entry(BARRIER, 0));
      }
    }
  }

  private void addLowerCased(int codePoint, boolean ideograph, IdBuffer image) {
    int[] mapped = lowercase ? CharacterClasses.lowerCase(codePoint) : new int[] {codePoint};
    for (int one : mapped) {
      image.add(entry(ideograph ? IDEOGRAPH : classify(one), one));
    }
  }

  private int classify(int codePoint) {
    if (CharacterClasses.isWhiteSpace(codePoint)) {
      return SPACE;
    }
    if (CharacterClasses.isPunctuation(codePoint)) {
      return PUNCTUATION;
    }
    return stripAccents && CharacterClasses.keptMarkClass(codePoint) != 0 ? MARK : WORD;
  }
}
