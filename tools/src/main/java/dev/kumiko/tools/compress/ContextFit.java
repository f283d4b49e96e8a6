package dev.kumiko.tools.compress;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;

/** Near tokens share sub-vectors: k-means for each part, one part a thread. */
final class ContextFit {
  private final SourceTable table;
  private final Subspaces subspaces;
  private final int size;
  private final float[] weights;
  private final float[][] vectors;

  /**
   * A large table's columns are a large array, which each thread takes for one part after another.
   */
  private final ThreadLocal<float[]> memory = ThreadLocal.withInitial(() -> new float[0]);

  /** {@code [tokens][parts]}. */
  private final char[] codes;

  private ContextFit(SourceTable table, Subspaces subspaces, int size, float[] weights) {
    this.table = table;
    this.subspaces = subspaces;
    this.size = size;
    this.weights = weights;
    this.vectors = new float[subspaces.parts()][];
    this.codes = new char[Math.multiplyExact(table.tokens(), subspaces.parts())];
  }

  /**
   * Fits the parts.
   *
   * @param weights what a token's error counts, {@code [tokens]}, positive
   * @param progress told which part of the work is done
   */
  static Fitted fit(
      SourceTable table,
      Subspaces subspaces,
      int size,
      float[] weights,
      long seed,
      int threads,
      DoubleConsumer progress)
      throws IOException {
    ContextFit fit = new ContextFit(table, subspaces, size, weights);
    fit.cluster(seed, threads, progress);
    int moved = new DistinctCodes(table, subspaces, fit.vectors, fit.codes).resolve(weights);
    if (moved > 0) {
      fit.refine(threads);
    }
    return new Fitted(fit.vectors, fit.codes, Optional.empty(), moved);
  }

  /** Returns the components of a part, in the memory of this thread. */
  private float[] points(int part) throws IOException {
    float[] points = table.columns(subspaces.start(part), subspaces.width(part), memory.get());
    memory.set(points);
    return points;
  }

  private void cluster(long seed, int threads, DoubleConsumer progress) throws IOException {
    Kernels kernels = KernelChoice.kernels();
    SplittableRandom random = new SplittableRandom(seed);
    long[] seeds = random.longs(subspaces.parts()).toArray();
    StepCount count = new StepCount(subspaces.parts(), progress);
    PartThreads.run(
        subspaces.parts(),
        threads,
        part -> {
          int width = subspaces.width(part);
          float[] points = points(part);
          KMeans means = new KMeans(kernels, points, width, weights, size);
          means.fit(seeds[part], step -> count.set(part, step));
          vectors[part] = means.vectors();
          char[] own = means.codes();
          for (int token = 0; token < own.length; token++) {
            codes[token * subspaces.parts() + part] = own[token];
          }
        });
  }

  /** The best vectors for the codes as they are now. */
  private void refine(int threads) throws IOException {
    PartThreads.run(
        subspaces.parts(),
        threads,
        part -> {
          int width = subspaces.width(part);
          float[] points = points(part);
          Centres centres = new Centres(size, width);
          for (int token = 0; token < table.tokens(); token++) {
            int code = codes[token * subspaces.parts() + part];
            centres.add(code, points, token * width, weights[token]);
          }
          centres.writeMeans(vectors[part]);
        });
  }

  /** Steps of all parts together. */
  private static final class StepCount {
    private final int[] steps;
    private final DoubleConsumer progress;
    private int sum;

    StepCount(int parts, DoubleConsumer progress) {
      this.steps = new int[parts];
      this.progress = progress;
    }

    synchronized void set(int part, int step) {
      sum += step - steps[part];
      steps[part] = step;
      progress.accept((double) sum / (steps.length * KMeans.MOST_STEPS));
    }
  }
}
