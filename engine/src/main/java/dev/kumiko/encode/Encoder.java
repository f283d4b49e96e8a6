package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.table.TokenTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * From token ids to token vectors, composed of the parts that the architecture's layout names.
 * Immutable and safe for concurrent use; every call brings its own {@link Workspace}.
 */
public final class Encoder implements AutoCloseable {
  private final Kernels kernels;
  private final TokenTable tokens;
  private final Embeddings embeddings;
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final Optional<LayerNorm> finalNorm;

  /**
   * Reads and packs all weights.
   *
   * @param file may be closed afterwards: only the token table stays mapped, by itself
   * @throws dev.kumiko.format.ModelFormatException if a tensor is absent or has another type or
   *     shape than the architecture says
   */
  public Encoder(Architecture a, ModelFile file, Kernels kernels) throws IOException {
    this.kernels = kernels;
    Weights weights = new Weights(file, kernels, a);
    this.tokens = TokenTable.open(file, a.vocabularySize(), a.hiddenSize());
    try {
      this.embeddings = new Embeddings(a, tokens, weights);
      PositionParts positions = new PositionParts(a, weights);
      for (int i = 0; i < a.layers(); i++) {
        layers.add(new EncoderLayer(a, weights, positions, i));
      }
      this.finalNorm =
          a.layout().norm() == NormPlace.BEFORE
              ? Optional.of(weights.norm(TensorNames.FINAL_NORM, a.hiddenSize()))
              : Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      tokens.close();
      throw e;
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
    finish(w);
  }

  /** The first step of {@link #encode}: the sum of the embeddings, normalised. */
  public void embed(Workspace w) {
    w.reserve(w.texts().rows());
    embeddings.apply(w.texts(), w.hidden());
  }

  /** The next steps of {@link #encode}, one layer each. */
  public void applyLayer(int layer, Workspace w) {
    layers.get(layer).apply(w.texts(), w);
  }

  /** The last step of {@link #encode}: the LayerNorm behind the layers, if there is one. */
  public void finish(Workspace w) {
    if (finalNorm.isPresent()) {
      kernels.addAndNormalize(w.hidden(), null, 0, w.texts().rows(), finalNorm.get());
    }
  }

  /** Unmaps the token table. */
  @Override
  public void close() {
    tokens.close();
  }
}
