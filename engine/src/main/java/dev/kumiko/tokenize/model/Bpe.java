package dev.kumiko.tokenize.model;

import dev.kumiko.format.TokenModel;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Spans;
import dev.kumiko.tokenize.unicode.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Byte-pair encoding (Sennrich et al., arXiv 1508.07909): begins with characters and joins the pair
 * that was learnt first, again and again. Immutable and safe for concurrent use.
 */
public final class Bpe implements WordModel {
  private static final int NONE = -1;

  private final Vocabulary vocabulary;
  private final Merges merges;
  private final int unknownId;
  private final byte[] prefix;
  private final byte[] suffix;
  private final boolean fuseUnknown;
  private final boolean ignoreMerges;
  private final ByteTokens byteTokens;

  /**
   * A model.
   *
   * @param merges {@code [merges][3]}: left, right and resulting id, the first merge first. Kept,
   *     not copied
   * @throws IllegalArgumentException if an id is not in the vocabulary or a pair is merged twice
   */
  public Bpe(TokenModel.Bpe settings, Vocabulary vocabulary, int[] merges) {
    this.vocabulary = vocabulary;
    this.merges = new Merges(merges, vocabulary.size());
    unknownId = settings.unknownId().orElse(NONE);
    if (settings.unknownId().isPresent() && (unknownId < 0 || unknownId >= vocabulary.size())) {
      throw new IllegalArgumentException(
          "the unknown token has id %d, but the vocabulary has %d tokens"
              .formatted(unknownId, vocabulary.size()));
    }
    prefix = settings.continuingPrefix().getBytes(StandardCharsets.UTF_8);
    suffix = settings.wordSuffix().getBytes(StandardCharsets.UTF_8);
    fuseUnknown = settings.fuseUnknown();
    ignoreMerges = settings.ignoreMerges();
    byteTokens = settings.byteFallback() ? new ByteTokens(vocabulary) : null;
  }

  @Override
  public WordEncoder encoder(IdBuffer ids, Spans spans) {
    return new Symbols(ids, spans);
  }

  /** Returns how many merges one of its encoders has queued, which is what words cost. */
  static long queued(WordEncoder encoder) {
    return ((Symbols) encoder).queue.added();
  }

  /** The symbols of one word, doubly linked. Kept for the next word. */
  private final class Symbols implements WordEncoder {
    private static final int MERGED = -1;

    private final IdBuffer ids;
    private final Spans spans;
    private final MergeQueue queue = new MergeQueue();
    private final byte[] affixed = new byte[prefix.length + Utf8.LONGEST + suffix.length];
    private final IdBuffer symbols = new IdBuffer(Integer.MAX_VALUE);
    private int[] before = new int[64];
    private int[] after = new int[64];

    Symbols(IdBuffer ids, Spans spans) {
      this.ids = ids;
      this.spans = spans;
    }

    @Override
    public void encode(byte[] word, int length) {
      if (ignoreMerges) {
        int id = vocabulary.id(word, 0, length);
        if (id >= 0) {
          ids.add(id);
          spans.add(0, length);
          return;
        }
      }
      symbols.truncate(0);
      addCharacters(word, length);
      merge();
      for (int i = 0; i < symbols.size(); i++) {
        if (symbols.get(i) != MERGED) {
          ids.add(symbols.get(i));
        }
      }
      if (spans.isKept()) {
        addSpans();
      }
    }

    private void addSpans() {
      int start = 0;
      for (int i = 0; i != NONE && i < symbols.size(); i = after[i]) {
        int last = after[i] == NONE ? symbols.size() - 1 : after[i] - 1;
        spans.add(start, spans.symbolEnd(last));
        start = spans.symbolEnd(last);
      }
    }

    private void addCharacters(byte[] word, int length) {
      int unknown = 0;
      int start = 0;
      while (start < length) {
        int end = start + 1;
        while (end < length && Utf8.isContinuation(word[end])) {
          end++;
        }
        int size = affix(word, start, end, end == length);
        int id = vocabulary.id(affixed, 0, size);
        if (id >= 0) {
          addUnknown(unknown);
          unknown = 0;
          symbols.add(id);
          spans.addSymbol(end - start);
        } else if (byteTokens != null && byteTokens.spell(affixed, 0, size, symbols)) {
          for (int i = 0; i < size; i++) {
            spans.addSymbol(1);
          }
        } else if (unknownId != NONE) {
          if (!fuseUnknown) {
            addUnknown(unknown);
            unknown = 0;
          }
          unknown += end - start;
        }
        start = end;
      }
      addUnknown(unknown);
    }

    /** Adds the symbol of unknown characters that have so many bytes. */
    private void addUnknown(int bytes) {
      if (bytes > 0) {
        symbols.add(unknownId);
        spans.addSymbol(bytes);
      }
    }

    /** Spells a character with its prefix and suffix into {@link #affixed}. */
    private int affix(byte[] word, int start, int end, boolean last) {
      int size = 0;
      if (start > 0) {
        System.arraycopy(prefix, 0, affixed, 0, prefix.length);
        size = prefix.length;
      }
      System.arraycopy(word, start, affixed, size, end - start);
      size += end - start;
      if (last) {
        System.arraycopy(suffix, 0, affixed, size, suffix.length);
        size += suffix.length;
      }
      return size;
    }

    private void merge() {
      int count = symbols.size();
      if (count > before.length) {
        before = new int[Math.max(count, 2 * before.length)];
        after = new int[before.length];
      }
      for (int i = 0; i < count; i++) {
        before[i] = i - 1;
        after[i] = i + 1 < count ? i + 1 : NONE;
        queuePair(i - 1, i);
      }
      while (!queue.isEmpty()) {
        long entry = queue.remove();
        int place = MergeQueue.place(entry);
        int result = merges.result(MergeQueue.rank(entry));
        int next = symbols.get(place) == MERGED ? NONE : after[place];
        if (next != NONE && isStillDue(place, next, result)) {
          symbols.set(place, result);
          symbols.set(next, MERGED);
          after[place] = after[next];
          if (after[next] != NONE) {
            before[after[next]] = place;
          }
          queuePair(before[place], place);
          queuePair(place, after[place]);
        }
      }
    }

    private void queuePair(int left, int right) {
      if (left >= 0 && right >= 0) {
        int rank = merges.rank(symbols.get(left), symbols.get(right));
        if (rank >= 0) {
          queue.add(rank, left);
        }
      }
    }

    /** Symbols may have changed; the reference only asks whether they become the same token. */
    private boolean isStillDue(int left, int right, int result) {
      int rank = merges.rank(symbols.get(left), symbols.get(right));
      return rank >= 0 && merges.result(rank) == result;
    }
  }
}
