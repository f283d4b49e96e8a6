package dev.kumiko.tokenize.model;

import dev.kumiko.format.TokenModel;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Spans;
import dev.kumiko.tokenize.unicode.Utf8;
import java.util.Arrays;

/**
 * Cuts a word into the pieces with the largest sum of scores (Kudo, arXiv 1804.10959), found by
 * Viterbi's algorithm. Immutable and safe for concurrent use.
 */
public final class Unigram implements WordModel {
  /** How much less an unknown character scores than the least likely piece. */
  private static final double UNKNOWN_PENALTY = 10;

  /** Bytes; longer pieces would make every text slow. */
  private static final int LONGEST_PIECE = 4096;

  private final Vocabulary vocabulary;
  private final PrefixFilter prefixes;
  private final double[] scores;
  private final int unknownId;
  private final double unknownScore;
  private final ByteTokens byteTokens;

  /**
   * A model.
   *
   * @param scores {@code [tokens]}. Kept, not copied
   * @throws IllegalArgumentException if there are not as many scores as tokens, if one is not a
   *     finite number, if the unknown token is not in the vocabulary, or if a token is too long
   */
  public Unigram(TokenModel.Unigram settings, Vocabulary vocabulary, double[] scores) {
    this.vocabulary = vocabulary;
    this.scores = scores;
    this.unknownId = settings.unknownId();
    if (scores.length != vocabulary.size()) {
      throw new IllegalArgumentException(
          "there are %d scores, but the vocabulary has %d tokens"
              .formatted(scores.length, vocabulary.size()));
    }
    if (unknownId < 0 || unknownId >= scores.length) {
      throw new IllegalArgumentException(
          "the unknown token has id %d, but the vocabulary has %d tokens"
              .formatted(unknownId, scores.length));
    }
    if (vocabulary.longest() > LONGEST_PIECE) {
      throw new IllegalArgumentException(
          "vocabulary has a piece of %d bytes, more than %d"
              .formatted(vocabulary.longest(), LONGEST_PIECE));
    }
    double least = Double.POSITIVE_INFINITY;
    for (int id = 0; id < scores.length; id++) {
      if (!Double.isFinite(scores[id])) {
        throw new IllegalArgumentException("piece %d has score %s".formatted(id, scores[id]));
      }
      least = Math.min(least, scores[id]);
    }
    unknownScore = least - UNKNOWN_PENALTY;
    prefixes = new PrefixFilter(vocabulary);
    byteTokens = settings.byteFallback() ? new ByteTokens(vocabulary) : null;
  }

  @Override
  public WordEncoder encoder(IdBuffer ids, Spans spans) {
    return new Lattice(ids, spans);
  }

  /** The best ways to all places of one word. Kept for the next word. */
  private final class Lattice implements WordEncoder {
    private static final int NOWHERE = -1;

    private final IdBuffer ids;
    private final Spans spans;

    /** {@code [length + 1]}: the largest sum with which a place is reached. */
    private double[] sums = new double[64];

    /** {@code [length + 1]}: where the piece that ends at a place begins. */
    private int[] starts = new int[64];

    /** {@code [length + 1]}: the piece that ends at a place. */
    private int[] pieces = new int[64];

    /** The ends of the best pieces, the last one first. */
    private int[] path = new int[64];

    Lattice(IdBuffer ids, Spans spans) {
      this.ids = ids;
      this.spans = spans;
    }

    @Override
    public void encode(byte[] word, int length) {
      if (length >= sums.length) {
        int size = Math.max(length + 1, 2 * sums.length);
        sums = new double[size];
        starts = new int[size];
        pieces = new int[size];
        path = new int[size];
      }
      Arrays.fill(starts, 0, length + 1, NOWHERE);
      sums[0] = 0;
      int start = 0;
      while (start < length) {
        int next = start + 1;
        while (next < length && Utf8.isContinuation(word[next])) {
          next++;
        }
        extend(word, start, next, length);
        start = next;
      }
      follow(word, length);
    }

    /** Tries all pieces that begin at {@code start}, whose first character ends at {@code next}. */
    private void extend(byte[] word, int start, int next, int length) {
      double sum = sums[start];
      boolean single = false;
      int hash = Vocabulary.EMPTY_HASH;
      for (int end = start; end < length; ) {
        hash = Vocabulary.hash(hash, word[end++]);
        if (!prefixes.mayContain(hash)) {
          break;
        }
        if (end == length || !Utf8.isContinuation(word[end])) {
          int id = vocabulary.find(hash, word, 0, word, start, end);
          if (id >= 0) {
            reach(end, start, id, scores[id] + sum);
            single |= end == next;
          }
        }
      }
      if (!single) {
        reach(next, start, unknownId, unknownScore + sum);
      }
    }

    private void reach(int end, int start, int id, double sum) {
      if (starts[end] == NOWHERE || sum > sums[end]) {
        sums[end] = sum;
        starts[end] = start;
        pieces[end] = id;
      }
    }

    /** Adds the ids of the best way to the word's end. */
    private void follow(byte[] word, int length) {
      int count = 0;
      for (int end = length; end > 0; end = starts[end]) {
        path[count++] = end;
      }
      int i = count - 1;
      while (i >= 0) {
        int end = path[i--];
        if (pieces[end] != unknownId) {
          ids.add(pieces[end]);
          spans.add(starts[end], end);
          continue;
        }
        int start = starts[end];
        while (i >= 0 && pieces[path[i]] == unknownId) {
          end = path[i--];
        }
        addUnknown(word, start, end);
      }
    }

    /** Adds a run of unknown characters, which together may be a piece after all. */
    private void addUnknown(byte[] word, int start, int end) {
      int id = vocabulary.id(word, start, end);
      if (id >= 0) {
        ids.add(id);
        spans.add(start, end);
      } else if (byteTokens != null && byteTokens.spell(word, start, end, ids)) {
        for (int i = start; i < end; i++) {
          spans.add(start, end);
        }
      } else {
        ids.add(unknownId);
        spans.add(start, end);
      }
    }
  }
}
