package dev.kumiko.encode;

import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;

/** Normalises queries and keys, each head by itself (Henry et al., arXiv 2010.04245). */
record HeadNorms(Kernels kernels, Heads heads, LayerNorm queries, LayerNorm keys) {
  /** Normalises in place the rows from {@code first} to {@code end}. */
  void apply(float[] qkv, int first, int end) {
    for (int row = first; row < end; row++) {
      int from = row * heads.rowWidth();
      kernels.addAndNormalize(qkv, null, from, heads.queries(), queries);
      kernels.addAndNormalize(qkv, null, from + heads.queryWidth(), heads.keys(), keys);
    }
  }
}
