package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first rows: the sum of a token's rows in several tables, then a norm, if there is one. */
final class Embeddings {
  private final Compute compute;
  private final int hiddenSize;
  private final List<TableRows> tables;
  private final Optional<Norm> norm;

  Embeddings(Compute compute, int hiddenSize, List<TableRows> tables, Optional<Norm> norm) {
    this.compute = compute;
    this.hiddenSize = hiddenSize;
    this.tables = List.copyOf(tables);
    this.norm = norm;
  }

  void refresh() {
    norm.ifPresent(Norm::refresh);
  }

  /** Computes {@code [rows][hidden]}; the backward pass returns what only tables can use. */
  Result forward(PackedTexts texts) {
    float[] sum = compute.pool().zeros(Math.multiplyExact(texts.rows(), hiddenSize));
    List<int[]> rows = new ArrayList<>();
    for (TableRows table : tables) {
      rows.add(table.rows(texts));
      table.add(compute, rows.getLast(), sum, hiddenSize);
    }
    Optional<Result> normalized = norm.map(n -> n.forward(sum, texts.rows()));
    return new Result() {
      @Override
      public float[] output() {
        return normalized.map(Result::output).orElse(sum);
      }

      @Override
      public float[] backward(float[] gradient) {
        float[] dSum =
            normalized.isPresent()
                ? normalized.get().backward(gradient)
                : compute.pool().copy(gradient, texts.rows() * hiddenSize);
        for (int i = 0; i < tables.size(); i++) {
          tables.get(i).backward(compute, rows.get(i), dSum, hiddenSize);
        }
        compute.pool().give(sum);
        return dSum;
      }

      @Override
      public void release() {
        normalized.ifPresent(Result::release);
        compute.pool().give(sum);
      }
    };
  }
}
