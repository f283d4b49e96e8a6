package dev.kumiko.search;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.model.Similarity;
import dev.kumiko.parallel.Workers;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.DoubleConsumer;
import java.util.function.IntFunction;

/**
 * Finds the nearest vectors by comparing all with all, on the processor's fast kernels.
 *
 * <pre>{@code
 * try (ExactSearch search = ExactSearch.cosine(2)) {
 *   Neighbours found = search.nearest(VectorSource.of(queries), VectorSource.of(documents), 10);
 *   int best = found.index(0, 0);
 * }
 * }</pre>
 *
 * <p>Products in float choose candidates, a few more than asked for, and those are compared again
 * in double precision: scores and order are those of a plain loop in double precision over the same
 * vectors, on every machine. (A vector can be missed only if more than 8 others are within the
 * rounding of float, about 1e-6, of the last that is found and before it.)
 *
 * <p>Vectors are read in blocks, so that they may lie in a mapped file; memory beside them is a few
 * megabytes a thread and 8 bytes for each query and neighbour. Safe for concurrent use. A call on a
 * thread that is interrupted ends with a {@link java.util.concurrent.CancellationException}.
 */
public final class ExactSearch implements AutoCloseable {
  private static final int SPARE = 8;

  /** Queries that a thread compares again at a time. */
  private static final int CHUNK = 64;

  private final Similarity similarity;
  private final Workers workers;
  private final DoubleConsumer progress;

  private ExactSearch(Similarity similarity, Workers workers, DoubleConsumer progress) {
    this.similarity = similarity;
    this.workers = workers;
    this.progress = progress;
  }

  /**
   * {@return a search by cosine with the caller's thread and {@code threads - 1} daemon threads}
   *
   * @param threads how many threads compute, the caller's included; 1 or more
   */
  public static ExactSearch cosine(int threads) {
    return by(Similarity.COSINE, threads);
  }

  /**
   * Returns a search with the caller's thread and up to {@code threads - 1} daemon threads, which
   * end when they are idle.
   *
   * @param similarity {@link Similarity#COSINE} or {@link Similarity#DOT}
   * @param threads how many threads compute, the caller's included; 1 or more
   * @return a search; to be closed
   * @throws IllegalArgumentException if it is another one, or there is no thread
   */
  public static ExactSearch by(Similarity similarity, int threads) {
    return new ExactSearch(supported(similarity), Workers.ofThreads(positive(threads)), done -> {});
  }

  /**
   * As {@link #by(Similarity, int)}, with helpers on an executor, which stays the caller's.
   *
   * @param similarity {@link Similarity#COSINE} or {@link Similarity#DOT}
   * @param executor runs up to {@code threads - 1} tasks at a time
   * @param threads how many threads compute, the caller's included; 1 or more
   * @return a search; to be closed
   */
  public static ExactSearch by(Similarity similarity, Executor executor, int threads) {
    Objects.requireNonNull(executor, "executor");
    return new ExactSearch(
        supported(similarity), Workers.ofExecutor(executor, positive(threads)), done -> {});
  }

  /**
   * {@return this search with somebody who is told how far it is, from 0 to 1, on the thread that
   * called it} It shares this one's threads; closing either ends them.
   *
   * @param listener gets shares of the work, ascending
   */
  public ExactSearch reporting(DoubleConsumer listener) {
    return new ExactSearch(similarity, workers, Objects.requireNonNull(listener, "listener"));
  }

  private static Similarity supported(Similarity similarity) {
    if (similarity != Similarity.COSINE && similarity != Similarity.DOT) {
      throw new IllegalArgumentException("searches are by COSINE or DOT, not by " + similarity);
    }
    return similarity;
  }

  private static int positive(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    return threads;
  }

  /**
   * Finds the nearest targets of each query.
   *
   * @param queries what is looked for
   * @param targets what is looked through
   * @param k how many of each; all if there are fewer
   * @return for each query its nearest targets, the best first
   * @throws IllegalArgumentException if the dimensions differ, a set is empty, or a component is
   *     not finite
   */
  public Neighbours nearest(VectorSource queries, VectorSource targets, int k) {
    check(queries, targets, k);
    Rows q = new Rows("queries", queries, similarity);
    Rows t = new Rows("targets", targets, similarity);
    TopK best = best(queries.count(), targets.count(), k);
    Products products = products();
    if (q.count() <= t.count()) {
      products.prepare(q, t);
      products.run(q, t, false, () -> new BestTile(null, best));
    } else {
      products.prepare(t, q);
      products.run(t, q, false, () -> new BestTile(best, null));
    }
    return compare(queries, targets, best::indexes, best.each(), k);
  }

  /**
   * Finds the nearest neighbours of each set in the other, with each product computed once.
   *
   * @param first one set
   * @param second the other
   * @param k how many of each; all if there are fewer
   * @return the neighbours of either set
   * @throws IllegalArgumentException if the dimensions differ, a set is empty, or a component is
   *     not finite
   */
  public BothWays bothWays(VectorSource first, VectorSource second, int k) {
    check(first, second, k);
    Rows a = new Rows("first set", first, similarity);
    Rows b = new Rows("second set", second, similarity);
    TopK ofA = best(first.count(), second.count(), k);
    TopK ofB = best(second.count(), first.count(), k);
    Products products = products();
    if (a.count() <= b.count()) {
      products.prepare(a, b);
      products.run(a, b, false, () -> new BestTile(ofB, ofA));
    } else {
      products.prepare(b, a);
      products.run(b, a, false, () -> new BestTile(ofA, ofB));
    }
    return new BothWays(
        compare(first, second, ofA::indexes, ofA.each(), k),
        compare(second, first, ofB::indexes, ofB.each(), k));
  }

  /**
   * Finds pairs of one set that are alike, such as near-duplicates.
   *
   * @param vectors the set
   * @param minScore the lowest score of a pair
   * @param most the largest number of pairs; if there are more, the best are returned
   * @return the pairs, the best first, and how many there are in all
   * @throws IllegalArgumentException if the set is empty, or a component is not finite
   */
  public Alike pairs(VectorSource vectors, double minScore, int most) {
    check(vectors, vectors, most);
    if (Double.isNaN(minScore)) {
      throw new IllegalArgumentException("the lowest score is NaN");
    }
    Rows rows = new Rows("vectors", vectors, similarity);
    AlikePairs alike = new AlikePairs(rows, similarity, minScore, most);
    Products products = products();
    products.prepare(rows, rows);
    products.run(rows, rows, true, alike::tile);
    return new Alike(alike.bestFirst(), alike.complete());
  }

  /**
   * Compares candidates again, with better vectors than they were found with, such as those whose
   * signs a {@link BinaryVectors} keeps.
   *
   * @param queries what is looked for
   * @param targets what is looked through
   * @param candidates of these queries among these targets, more than k of each
   * @param k how many of each stay
   * @return the best of the candidates, in their new order
   * @throws IllegalArgumentException if the dimensions differ or the candidates are of others
   */
  public Neighbours rescore(
      VectorSource queries, VectorSource targets, Neighbours candidates, int k) {
    check(queries, targets, k);
    if (candidates.queries() != queries.count()) {
      throw new IllegalArgumentException(
          "candidates of %,d queries, but there are %,d"
              .formatted(candidates.queries(), queries.count()));
    }
    return compare(
        queries,
        targets,
        query -> {
          int[] indexes = new int[candidates.each()];
          Arrays.setAll(indexes, rank -> candidates.index(query, rank));
          return indexes;
        },
        candidates.each(),
        k);
  }

  private Products products() {
    return new Products(workers, KernelChoice.kernels(), progress);
  }

  private static TopK best(int rows, int others, int k) {
    long each = Math.min(others, (long) k + SPARE);
    if (rows * each > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%,d queries with %,d neighbours each are too many at a time; search in parts"
              .formatted(rows, each));
    }
    return new TopK(rows, (int) each);
  }

  private static void check(VectorSource a, VectorSource b, int k) {
    if (a.dimension() != b.dimension()) {
      throw new IllegalArgumentException(
          "vectors of %,d and of %,d components; were they made by different models?"
              .formatted(a.dimension(), b.dimension()));
    }
    if (a.count() < 1 || b.count() < 1) {
      throw new IllegalArgumentException(
          "%,d vectors and %,d vectors: there is nothing to compare"
              .formatted(a.count(), b.count()));
    }
    if (k < 1) {
      throw new IllegalArgumentException("the number to find must be at least 1, not " + k);
    }
  }

  /** Compares again the {@code found} candidates of each query. */
  private Neighbours compare(
      VectorSource queries, VectorSource targets, IntFunction<int[]> candidates, int found, int k) {
    int each = Math.min(k, found);
    int count = queries.count();
    int[] indexes = new int[Math.multiplyExact(count, each)];
    double[] scores = new double[indexes.length];
    products()
        .forEach(
            Math.ceilDiv(count, CHUNK),
            () -> {
              Comparison own = new Comparison(similarity, queries, targets);
              return chunk -> {
                int end = Math.min(count, (chunk + 1) * CHUNK);
                for (int query = chunk * CHUNK; query < end; query++) {
                  own.compare(query, candidates.apply(query), each, indexes, scores);
                }
              };
            });
    return new Neighbours(count, each, indexes, scores);
  }

  /** Ends the daemon threads; a search that is running goes on on its caller's thread. */
  @Override
  public void close() {
    workers.close();
  }
}
