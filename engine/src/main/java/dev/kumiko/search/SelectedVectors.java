package dev.kumiko.search;

import java.util.Objects;

/** Some of other vectors. */
final class SelectedVectors implements VectorSource {
  private final VectorSource all;
  private final int[] rows;

  SelectedVectors(VectorSource all, int[] rows) {
    this.all = all;
    this.rows = rows.clone();
    for (int row : rows) {
      Objects.checkIndex(row, all.count());
    }
  }

  @Override
  public int count() {
    return rows.length;
  }

  @Override
  public int dimension() {
    return all.dimension();
  }

  @Override
  public void read(int first, int count, float[] target, int to) {
    int run;
    for (int i = 0; i < count; i += run) {
      int row = rows[first + i];
      run = 1;
      while (i + run < count && rows[first + i + run] == row + run) {
        run++;
      }
      all.read(row, run, target, to + i * all.dimension());
    }
  }
}
