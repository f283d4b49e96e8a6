package dev.kumiko.tools.measure;

import dev.kumiko.search.Pair;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Pairs of lines that are known to translate each other, and how well others agree with them. */
public final class GoldPairs {
  private final Set<Long> pairs = new HashSet<>();

  /** Adds a pair of lines, from 0; again changes nothing. */
  public void add(int source, int target) {
    pairs.add(key(source, target));
  }

  /** Returns the number of pairs. */
  public int size() {
    return pairs.size();
  }

  private static long key(int source, int target) {
    return (long) source << Integer.SIZE | target;
  }

  /**
   * Returns how well pairs agree with these.
   *
   * @param mined the best first
   * @param threshold those below it do not count
   */
  public Agreement agreement(List<Pair> mined, double threshold) {
    int taken = 0;
    int right = 0;
    for (Pair pair : mined) {
      if (pair.score() >= threshold) {
        taken++;
        right += pairs.contains(key(pair.first(), pair.second())) ? 1 : 0;
      }
    }
    return new Agreement(threshold, taken, right, pairs.size());
  }

  /**
   * Returns the threshold with the highest F1, half way to the next lower score (Zweigenbaum et
   * al., "Overview of the Second BUCC Shared Task", 2017; as LASER optimises it).
   *
   * @param mined the best first
   * @return positive infinity if no pair is right
   */
  public double bestThreshold(List<Pair> mined) {
    double best = 0;
    double threshold = Double.POSITIVE_INFINITY;
    int right = 0;
    for (int i = 0; i < mined.size(); i++) {
      Pair pair = mined.get(i);
      right += pairs.contains(key(pair.first(), pair.second())) ? 1 : 0;
      boolean last = i + 1 == mined.size();
      if (!last && mined.get(i + 1).score() == pair.score()) {
        continue; // no threshold lies between equals
      }
      double f1 = new Agreement(0, i + 1, right, pairs.size()).f1();
      if (f1 > best) {
        best = f1;
        threshold = last ? pair.score() : (pair.score() + mined.get(i + 1).score()) / 2;
      }
    }
    return threshold;
  }

  /**
   * How many of the pairs above a threshold are right.
   *
   * @param threshold the lowest score that counts
   * @param taken pairs above it
   * @param right those of them that are gold
   * @param gold all gold pairs
   */
  public record Agreement(double threshold, int taken, int right, int gold) {
    /** Returns which part of the taken is right, from 0 to 1. */
    public double precision() {
      return taken == 0 ? 0 : (double) right / taken;
    }

    /** Returns which part of the gold was taken, from 0 to 1. */
    public double recall() {
      return gold == 0 ? 0 : (double) right / gold;
    }

    /** Returns the harmonic mean of precision and recall. */
    public double f1() {
      return taken + gold == 0 ? 0 : 2.0 * right / (taken + gold);
    }
  }
}
