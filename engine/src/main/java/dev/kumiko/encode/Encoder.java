package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * From token ids to token vectors. Immutable and safe for concurrent use; every call brings its own
 * {@link Workspace}.
 */
public final class Encoder {
  private final Embeddings embeddings;
  private final List<EncoderLayer> layers = new ArrayList<>();

  /**
   * Reads and packs all weights.
   *
   * @param file stays in use: the token table is read from it in every pass
   * @throws ModelFormatException if a tensor is absent or has another type or shape than the
   *     architecture says
   */
  public Encoder(Architecture a, ModelFile file, Kernels kernels) throws ModelFormatException {
    TensorNames.check(file, a);
    Weights weights = new Weights(file, kernels, (float) a.layerNormEpsilon());
    this.embeddings = new Embeddings(a, weights);
    for (int i = 0; i < a.layers(); i++) {
      layers.add(new EncoderLayer(a, weights, i));
    }
  }

  /** Returns the number of layers. */
  public int layers() {
    return layers.size();
  }

  /** Encodes {@code w.texts()}; the result is in {@code w.hidden()}, {@code [rows][hidden]}. */
  public void encode(Workspace w) {
    embed(w);
    for (int i = 0; i < layers.size(); i++) {
      applyLayer(i, w);
    }
  }

  /** The first step of {@link #encode}: the sum of the embeddings, normalised. */
  void embed(Workspace w) {
    w.reserve(w.texts().rows());
    embeddings.apply(w.texts(), w.hidden());
  }

  /** The other steps of {@link #encode}, one layer each. */
  void applyLayer(int layer, Workspace w) {
    layers.get(layer).apply(w.texts(), w);
  }
}
