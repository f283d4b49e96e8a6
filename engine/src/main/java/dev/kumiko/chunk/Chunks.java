package dev.kumiko.chunk;

import dev.kumiko.chunk.TextSplitter.Settings;
import dev.kumiko.tokenize.unicode.GraphemeClusters;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The chunks of one text, each made when it is asked for.
 *
 * <p>A chunk is a window of the text that is a little too long, cut at a boundary. The window comes
 * from the chunk before: as many tokens as fit, of as many characters as they had there. So the
 * work for a chunk depends on its length alone.
 */
final class Chunks implements Iterator<Chunk> {
  private static final double USUAL_LENGTH_OF_TOKENS = 4;

  /** How much longer than expected a window is: what is too long by little is best. */
  private static final double MORE = 17.0 / 16;

  /**
   * A chunk is filled to this part before its boundary matters; the last one too if that can be.
   */
  private static final int LEAST_PART = 4;

  private static final Boundary[] WHOLE = {Boundary.WORD, Boundary.CLUSTER};

  /**
   * A chunk that may be.
   *
   * @param window with all places in it; null if it is the last one or no more than a cluster
   */
  private record Candidate(int start, int end, int tokens, Boundary boundary, Window window) {}

  private final String text;
  private final Settings settings;
  private final Breaks breaks;
  private double lengthOfTokens = USUAL_LENGTH_OF_TOKENS;
  private Candidate previous;

  /** Where the previous chunk ended. */
  private int end;

  /** Where the cluster ends that {@link #end} is inside of; if it is in none, not behind it. */
  private int clusterEnd;

  Chunks(String text, Settings settings) {
    this.text = text;
    this.settings = settings;
    this.breaks = new Breaks(settings.locale());
  }

  @Override
  public boolean hasNext() {
    return end < text.length();
  }

  @Override
  public Chunk next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    Candidate best = best();
    int length = best.end() - best.start();
    lengthOfTokens =
        Math.min(
            (double) length / Math.max(1, best.tokens() - settings.overhead()),
            Math.max(USUAL_LENGTH_OF_TOKENS, 2.0 * length / settings.room()));
    if (best.boundary() == Boundary.CODE_POINT) {
      clusterEnd = clusterEnd();
    }
    previous = best;
    end = best.end();
    return new Chunk(
        text.substring(best.start(), best.end()), best.start(), best.end(), best.tokens());
  }

  /** Where the cluster ends that follows the previous chunk or that it ended in. */
  private int clusterEnd() {
    return clusterEnd > end ? clusterEnd : GraphemeClusters.end(text, end);
  }

  /** A sentence or a word that fits is not divided for an overlap, unless it is divided already. */
  private Candidate best() {
    Candidate overlapping = overlapping();
    if (overlapping == null) {
      return candidate(end, 0);
    }
    Boundary whole = worse(previous.boundary(), Boundary.SENTENCE);
    if (overlapping.boundary().isAtLeast(whole)) {
      return overlapping;
    }
    Candidate alone = candidate(end, 0);
    return overlapping.boundary().isAtLeast(worse(alone.boundary(), whole)) ? overlapping : alone;
  }

  private static Boundary worse(Boundary a, Boundary b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** A chunk that begins before the previous one's end, or null if there is none. */
  private Candidate overlapping() {
    if (settings.overlapTokens() == 0 || previous == null || previous.window() == null) {
      return null;
    }
    Reach back =
        new Reach(
            previous.window(),
            from -> tokens(from, end) - settings.overhead(),
            settings.overlapTokens(),
            end,
            0,
            previous.start(),
            previous.tokens() - settings.overhead());
    int start = back.farthest(Boundary.SENTENCE);
    if (start < 0) {
      start = back.farthest(Boundary.WORD);
    }
    return start < 0 ? null : candidate(start, back.foundTokens());
  }

  /**
   * A chunk from a place on; null if that is an overlap's and no whole cluster fits behind it.
   *
   * @param overlap so many tokens are before the previous chunk's end
   */
  private Candidate candidate(int start, int overlap) {
    int far = end;
    int farTokens;
    double expected = settings.room() * lengthOfTokens * MORE;
    do {
      far = place(Math.max(start + expected, far + 1));
      farTokens = tokens(start, far);
      if (farTokens <= settings.maxTokens() && far == text.length()) {
        return new Candidate(start, far, farTokens, Boundary.PARAGRAPH, null);
      }
      double factor = settings.room() * MORE / Math.max(1, farTokens - settings.overhead());
      expected = (far - start) * Math.clamp(factor, 1.25, 2);
    } while (farTokens <= settings.maxTokens());
    int cluster = start < end ? start : Math.max(end, clusterEnd);
    Window window = new Window(text, start, far, cluster, breaks);
    Reach reach =
        new Reach(
            window,
            to -> tokens(start, to),
            settings.maxTokens(),
            end,
            settings.overhead() + overlap,
            far,
            farTokens);
    for (Boundary least : WHOLE) {
      int longest = reach.farthest(least);
      if (longest >= 0) {
        return shortened(
            new Candidate(start, longest, reach.foundTokens(), window.at(longest), window));
      }
    }
    return start < end ? null : partOfCluster(reach);
  }

  /** An index at or next to a number that is not inside a surrogate pair and not behind the end. */
  private int place(double index) {
    int place = (int) Math.min(index, text.length());
    return Window.insidePair(text, place) ? place + 1 : place;
  }

  /** The longest chunk, or one that ends better, or as well but leaves no tiny rest. */
  private Candidate shortened(Candidate longest) {
    int part = (longest.end() - end) / LEAST_PART;
    int first = Math.max(end + 1, end + part);
    int last = Math.min(longest.end(), text.length() - part);
    for (Boundary b : Boundary.BEST_FIRST) {
      int place = longest.window().last(b, first, last + 1);
      if (place == longest.end() || !b.isAtLeast(longest.boundary())) {
        return longest;
      }
      if (place >= 0) {
        int tokens = tokens(longest.start(), place);
        if (tokens <= settings.maxTokens()) {
          return new Candidate(longest.start(), place, tokens, b, longest.window());
        }
      }
    }
    return longest;
  }

  /** What fits of a cluster, if not all of it does. */
  private Candidate partOfCluster(Reach reach) {
    if (clusterEnd <= end) {
      int whole = clusterEnd();
      int tokens = tokens(end, whole);
      if (tokens <= settings.maxTokens()) {
        return new Candidate(end, whole, tokens, Boundary.CLUSTER, null);
      }
    }
    int longest = reach.farthest(Boundary.CODE_POINT);
    if (longest >= 0) {
      return new Candidate(end, longest, reach.foundTokens(), Boundary.CODE_POINT, null);
    }
    int first = text.codePointAt(end);
    throw new IllegalArgumentException(
        "maxTokens is %d, but the character U+%04X at index %d alone has %d tokens, %d of them"
                .formatted(
                    settings.maxTokens(),
                    first,
                    end,
                    tokens(end, end + Character.charCount(first)),
                    settings.overhead())
            + " special ones and the prompt's; allow more");
  }

  private int tokens(int from, int to) {
    return settings.tokens().applyAsInt(text.substring(from, to));
  }
}
