package dev.kumiko.train.part;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.PositionParts;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.TensorNames;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From token ids to token vectors, composed of the parts that the architecture's layout names. */
public final class TextEncoder {
  private final Architecture architecture;
  private final Embeddings embeddings;
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final Optional<Norm> finalNorm;
  private final Optional<Parameter> biasTable;
  private PositionParts positions;

  /**
   * Reads all parts.
   *
   * @param file may be closed afterwards
   * @param parameters remembers what learns
   * @throws ModelFormatException if a tensor is absent or has another type or shape than the
   *     architecture says
   */
  public TextEncoder(Architecture a, ModelFile file, Compute compute, Parameters parameters)
      throws IOException {
    Learnable.require(a, file);
    this.architecture = a;
    Layout layout = a.layout();
    List<TableRows> tables = TokenTables.read(a, file, parameters);
    this.embeddings =
        new Embeddings(
            compute,
            a.hiddenSize(),
            tables,
            norm(compute, parameters, TensorNames.EMBEDDINGS_NORM));
    this.biasTable =
        layout.relativeBias().isPresent()
            ? Optional.of(
                parameters.matrix(
                    TensorNames.RELATIVE_BIAS,
                    Kind.WEIGHT,
                    layout.relativeBias().get().buckets(),
                    a.attentionHeads()))
            : Optional.empty();
    this.positions = positions();
    for (int layer = 0; layer < a.layers(); layer++) {
      layers.add(layer(compute, parameters, layer));
    }
    this.finalNorm =
        layout.norm() == NormPlace.BEFORE
            ? Optional.of(norm(compute, parameters, TensorNames.FINAL_NORM))
            : Optional.empty();
  }

  private EncoderLayer layer(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    Architecture a = architecture;
    NormPlace place = a.layout().norm();
    Attention attention = attention(compute, parameters, layer);
    Optional<Norm> first =
        layer == 0 && place == NormPlace.BEFORE
            ? Optional.empty()
            : Optional.of(norm(compute, parameters, TensorNames.attentionNorm(layer)));
    FeedForward feedForward = feedForward(compute, parameters, layer);
    Norm second = norm(compute, parameters, TensorNames.feedForwardNorm(layer));
    return new EncoderLayer(
        compute.pool(),
        new Residual(compute, a.hiddenSize(), attention, place, first),
        new Residual(compute, a.hiddenSize(), feedForward, place, Optional.of(second)));
  }

  private Attention attention(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    int d = architecture.hiddenSize();
    boolean bias = architecture.layout().linearBias();
    LinearMap qkv =
        parameters.linear(
            compute,
            bias,
            d,
            d,
            TensorNames.attentionQuery(layer),
            TensorNames.attentionKey(layer),
            TensorNames.attentionValue(layer));
    return new Attention(
        compute,
        layer,
        architecture.attentionHeads(),
        qkv,
        parameters.linear(compute, bias, d, d, TensorNames.attentionOutput(layer)),
        () -> positions,
        biasTable.map(
            table -> new RelativeBias(architecture.layout().relativeBias().orElseThrow(), table)));
  }

  private FeedForward feedForward(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    int d = architecture.hiddenSize();
    int inner = architecture.intermediateSize();
    Layout layout = architecture.layout();
    boolean bias = layout.linearBias();
    return new FeedForward(
        compute,
        architecture.activation(),
        parameters.linear(compute, bias, inner, d, TensorNames.feedForwardUp(layer)),
        layout.gated()
            ? Optional.of(
                parameters.linear(compute, bias, inner, d, TensorNames.feedForwardGate(layer)))
            : Optional.empty(),
        parameters.linear(compute, bias, d, inner, TensorNames.feedForwardDown(layer)));
  }

  private Norm norm(Compute compute, Parameters parameters, String part)
      throws ModelFormatException {
    return parameters.norm(
        compute,
        architecture.layout().normBias(),
        architecture.layerNormEpsilon(),
        architecture.hiddenSize(),
        part);
  }

  private PositionParts positions() {
    return new PositionParts(
        architecture, biasTable.map(Parameter::values).orElseGet(() -> new float[0]));
  }

  /** Takes over parameters that have changed. */
  public void refresh() {
    layers.forEach(EncoderLayer::refresh);
    if (biasTable.isPresent()) {
      positions = positions();
    }
  }

  /** Returns the number of layers. */
  public int layers() {
    return layers.size();
  }

  /** Returns the tokens' first vectors, {@code [rows][hidden]}. */
  public Result embed(PackedTexts texts) {
    return embeddings.forward(texts);
  }

  /**
   * Computes a layer.
   *
   * @param layer from 0 on
   * @param x {@code [rows][hidden]}, kept
   * @param keepAll whether all that the backward pass needs is kept, and not computed again
   */
  public Result layer(int layer, PackedTexts texts, float[] x, boolean keepAll) {
    EncoderLayer chosen = layers.get(layer);
    return keepAll
        ? chosen.forward(texts, x)
        : chosen.forwardTwice(texts, x, architecture.hiddenSize());
  }

  /** Applies the LayerNorm behind the last layer to {@code x} {@code [rows][hidden]}, if any. */
  public Optional<Result> finish(float[] x, int rows) {
    return finalNorm.map(norm -> norm.forward(x, rows));
  }
}
