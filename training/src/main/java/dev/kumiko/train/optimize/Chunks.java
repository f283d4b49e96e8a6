package dev.kumiko.train.optimize;

import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.util.List;

/** The values of all parameters in pieces that threads can share; those of tables are rows. */
final class Chunks {
  private final int size;
  private final int[] parameters;
  private final int[] from;
  private final int[] to;

  Chunks(List<Parameter> all, int size) {
    this.size = size;
    int count = all.stream().mapToInt(this::pieces).reduce(0, Math::addExact);
    this.parameters = new int[count];
    this.from = new int[count];
    this.to = new int[count];
    int chunk = 0;
    for (int p = 0; p < all.size(); p++) {
      int values = all.get(p).values().length;
      int most = size(all.get(p));
      for (int start = 0; start < values; start += most) {
        parameters[chunk] = p;
        from[chunk] = start;
        to[chunk] = Math.min(values - start, most) + start;
        chunk++;
      }
    }
  }

  private int pieces(Parameter parameter) {
    return Math.ceilDiv(parameter.values().length, size(parameter));
  }

  private int size(Parameter parameter) {
    int columns = parameter.columns();
    return parameter.kind() == Kind.TABLE ? Math.max(1, size / columns) * columns : size;
  }

  int count() {
    return parameters.length;
  }

  /** Which parameter a chunk belongs to. */
  int parameter(int chunk) {
    return parameters[chunk];
  }

  /** Where a chunk begins in the parameter's values. */
  int from(int chunk) {
    return from[chunk];
  }

  /** Where it ends, exclusive. */
  int to(int chunk) {
    return to[chunk];
  }
}
