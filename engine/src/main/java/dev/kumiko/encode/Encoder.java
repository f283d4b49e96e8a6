package dev.kumiko.encode;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.MappedState;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.table.TokenTable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * From token ids to token vectors, composed of the parts that the architecture's layout names.
 * Immutable and safe for concurrent use; every call brings its own {@link Workspace}.
 */
public final class Encoder implements AutoCloseable {
  /** Outputs of a thread's share at least, where outputs are divided. */
  private static final int OUTPUTS_OF_A_SHARE = 64;

  private final Kernels kernels;
  private final TokenTable tokens;
  private final Embeddings embeddings;
  private final Map<Division, List<Step>> steps = new EnumMap<>(Division.class);
  private final int hiddenSize;
  private final Optional<LayerNorm> finalNorm;

  /** Of the file that the token table is mapped from. */
  private final MappedState state;

  /**
   * Reads and packs all weights on this thread, the linear layers in the order of the computation.
   *
   * @param file may be closed afterwards: only the token table stays mapped, by itself
   * @throws dev.kumiko.model.ModelFormatException if a tensor is absent or has another type or
   *     shape than the architecture says
   * @throws IOException if the file cannot be read, or has been changed since it was opened
   */
  public Encoder(Architecture a, ModelFile file, Kernels kernels) throws IOException {
    this(a, file, kernels, true, 1);
  }

  /**
   * As {@link #Encoder(Architecture, ModelFile, Kernels)}, but a second thread helps, so that two
   * ask the kernels for layers.
   *
   * @param int8Inputs whether layers that were quantised for int8 activations get them; they are
   *     multiplied with fp32 ones if not
   */
  public Encoder(Architecture a, ModelFile file, Kernels kernels, boolean int8Inputs)
      throws IOException {
    this(a, file, kernels, int8Inputs, LayerLoading.MOST_THREADS);
  }

  private Encoder(Architecture a, ModelFile file, Kernels kernels, boolean int8Inputs, int threads)
      throws IOException {
    this.kernels = kernels.forModel();
    this.hiddenSize = a.hiddenSize();
    this.state = file.state();
    Weights weights = new Weights(file, this.kernels, a, int8Inputs);
    this.tokens = TokenTable.open(file, a.vocabularySize(), a.hiddenSize());
    try {
      this.embeddings = new Embeddings(a, tokens, weights);
      PositionParts positions = PositionParts.read(a, weights);
      List<EncoderLayer> layers = LayerLoading.load(a, weights, positions, threads);
      this.finalNorm =
          a.layout().norm().isBeforeBlocks()
              ? Optional.of(weights.norm(TensorNames.FINAL_NORM, a.hiddenSize()))
              : Optional.empty();
      for (Division division : Division.values()) {
        steps.put(division, compose(division, layers));
      }
      state.requireSame();
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Encodes {@code w.texts()}; the result is in {@code w.hidden()}, {@code [rows][hidden]}. */
  public void encode(Workspace w) {
    encode(w, step -> {});
  }

  /**
   * Encodes {@code w.texts()} and lets the token vectors be seen on their way.
   *
   * @param seen called with 0 when {@code w.hidden()} holds the embeddings, and with n when it
   *     holds the result of the n-th layer
   */
  public void encode(Workspace w, IntConsumer seen) {
    RowShare all = w.split(1, Division.ROWS).getFirst();
    List<Step> byRows = steps(Division.ROWS);
    for (int step = 0; step < byRows.size(); step++) {
      byRows.get(step).apply(all, w);
      seen.accept(step); // each ends where the next layer has projected, and changed no row yet
    }
  }

  /** Returns the same as work for several threads; {@link #encode(Workspace)} for the result. */
  public SharedPass share(Workspace w, int threads) {
    return new SharedPass(this, w, threads);
  }

  /** Returns among how many threads it is worth dividing the outputs of every layer. */
  int outputShares() {
    return Math.ceilDiv(hiddenSize, OUTPUTS_OF_A_SHARE);
  }

  /** Returns what has to be done. */
  List<Step> steps(Division division) {
    return steps.get(division);
  }

  private List<Step> compose(Division division, List<EncoderLayer> layers) {
    Steps steps = new Steps(division);
    steps.rows(embeddings::apply);
    for (EncoderLayer layer : layers) {
      layer.addTo(steps);
    }
    steps.rows(this::finish);
    return steps.list();
  }

  /** The LayerNorm behind the layers, if there is one. */
  private void finish(RowShare share, Workspace w) {
    if (finalNorm.isPresent()) {
      LayerNorm norm = finalNorm.get();
      int from = share.first() * norm.size();
      kernels.addAndNormalize(w.hidden(), null, from, share.rows(), norm);
    }
  }

  /**
   * Returns how the file of the token table has been written to since, for people; empty if all
   * that has been encoded so far was encoded with the model that was loaded.
   */
  public Optional<String> change() {
    return state.change();
  }

  /** Unmaps the token table, and ends the memory of the layers. */
  @Override
  public void close() {
    tokens.close();
    kernels.close();
  }
}
