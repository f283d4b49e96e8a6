package dev.kumiko.train.part;

import dev.kumiko.kernel.Heads;

/** Norms of queries and keys, each head by itself (Henry et al., arXiv 2010.04245). */
final class HeadNorms {
  private final Compute compute;
  private final Heads heads;
  private final Norm queries;
  private final Norm keys;

  HeadNorms(Compute compute, Heads heads, Norm queries, Norm keys) {
    this.compute = compute;
    this.heads = heads;
    this.queries = queries;
    this.keys = keys;
  }

  void refresh() {
    queries.refresh();
    keys.refresh();
  }

  /** Returns {@code [rows][query, key, value]} with normalised heads; the caller gives it back. */
  float[] forward(float[] qkv, int rows) {
    int width = heads.rowWidth();
    float[] y = compute.pool().copy(qkv, rows * width);
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) -> {
              for (int row = first; row < first + count; row++) {
                queries.apply(y, row * width, heads.queries());
                keys.apply(y, row * width + heads.queryWidth(), heads.keys());
              }
            });
    return y;
  }

  /**
   * Goes back.
   *
   * @param qkv what was normalised
   * @param gradient of its shape, overwritten
   */
  void backward(float[] qkv, float[] gradient, int rows) {
    int width = heads.rowWidth();
    float[] gains = compute.pool().zeros(rows * width);
    compute
        .threads()
        .forRows(
            rows,
            (first, count, scratch) -> {
              for (int row = first; row < first + count; row++) {
                int from = row * width;
                int key = from + heads.queryWidth();
                queries.backward(qkv, gradient, gains, from, heads.queries());
                keys.backward(qkv, gradient, gains, key, heads.keys());
              }
            });
    float[] sums = new float[width];
    Rows.addSum(compute.threads(), gains, rows, width, sums);
    compute.pool().give(gains);
    add(sums, 0, heads.queries(), queries);
    add(sums, heads.queryWidth(), heads.keys(), keys);
  }

  private void add(float[] sums, int from, int count, Norm norm) {
    for (int i = 0; i < count * heads.size(); i++) {
      norm.gain().gradient()[i % heads.size()] += sums[from + i];
    }
  }
}
