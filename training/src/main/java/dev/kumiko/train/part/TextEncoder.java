package dev.kumiko.train.part;

import dev.kumiko.encode.AttentionHeads;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.PositionParts;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.kernel.Heads;
import dev.kumiko.model.ModelFormatException;
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
    this.architecture = a;
    Layout layout = a.layout();
    List<TableRows> tables = TokenTables.read(a, file, parameters);
    this.embeddings =
        new Embeddings(
            compute,
            a.hiddenSize(),
            tables,
            layout.norm().isBehindEmbeddings()
                ? Optional.of(norm(compute, parameters, TensorNames.EMBEDDINGS_NORM))
                : Optional.empty());
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
        layout.norm().isBeforeBlocks()
            ? Optional.of(norm(compute, parameters, TensorNames.FINAL_NORM))
            : Optional.empty();
  }

  private EncoderLayer layer(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    Attention attention = attention(compute, parameters, layer);
    Residual first =
        architecture.layout().norm().isInAttention(layer)
            ? residual(
                compute,
                parameters,
                attention,
                TensorNames.attentionNorm(layer),
                TensorNames.attentionOutputNorm(layer))
            : Residual.pre(
                compute, architecture.hiddenSize(), attention, Optional.empty(), Optional.empty());
    Residual second =
        residual(
            compute,
            parameters,
            feedForward(compute, parameters, layer),
            TensorNames.feedForwardNorm(layer),
            TensorNames.feedForwardOutputNorm(layer));
    return new EncoderLayer(compute.pool(), first, second);
  }

  private Residual residual(
      Compute compute, Parameters parameters, Block block, String norm, String behind)
      throws ModelFormatException {
    NormPlace place = architecture.layout().norm();
    Norm first = norm(compute, parameters, norm);
    if (place == NormPlace.AFTER) {
      return Residual.post(compute, architecture.hiddenSize(), block, first);
    }
    return Residual.pre(
        compute,
        architecture.hiddenSize(),
        block,
        Optional.of(first),
        place == NormPlace.AROUND
            ? Optional.of(norm(compute, parameters, behind))
            : Optional.empty());
  }

  private Attention attention(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    Architecture a = architecture;
    Heads heads = AttentionHeads.of(a);
    LinearMap qkv =
        linear(
            compute,
            parameters,
            Layout.LinearMap.ATTENTION_INPUT,
            a.hiddenSize(),
            new Parameters.Map(TensorNames.attentionQuery(layer), a.queryWidth()),
            new Parameters.Map(TensorNames.attentionKey(layer), a.keyWidth()),
            new Parameters.Map(TensorNames.attentionValue(layer), a.keyWidth()));
    Optional<HeadNorms> norms =
        a.layout().attention().headNorms()
            ? Optional.of(
                new HeadNorms(
                    compute,
                    heads,
                    norm(compute, parameters, a.headSize(), TensorNames.attentionQueryNorm(layer)),
                    norm(compute, parameters, a.headSize(), TensorNames.attentionKeyNorm(layer))))
            : Optional.empty();
    LinearMap output =
        linear(
            compute,
            parameters,
            Layout.LinearMap.ATTENTION_OUTPUT,
            a.queryWidth(),
            new Parameters.Map(TensorNames.attentionOutput(layer), a.hiddenSize()));
    return new Attention(
        compute,
        layer,
        heads,
        qkv,
        norms,
        output,
        () -> positions,
        biasTable.map(table -> new RelativeBias(a.layout().relativeBias().orElseThrow(), table)));
  }

  private FeedForward feedForward(Compute compute, Parameters parameters, int layer)
      throws ModelFormatException {
    LinearMap up = wide(compute, parameters, TensorNames.feedForwardUp(layer));
    Optional<LinearMap> gate =
        architecture.layout().gated()
            ? Optional.of(wide(compute, parameters, TensorNames.feedForwardGate(layer)))
            : Optional.empty();
    LinearMap down =
        linear(
            compute,
            parameters,
            Layout.LinearMap.FEED_FORWARD_OUTPUT,
            architecture.intermediateSize(),
            new Parameters.Map(TensorNames.feedForwardDown(layer), architecture.hiddenSize()));
    return new FeedForward(compute, architecture.activation(), up, gate, down);
  }

  private LinearMap wide(Compute compute, Parameters parameters, String part)
      throws ModelFormatException {
    return linear(
        compute,
        parameters,
        Layout.LinearMap.FEED_FORWARD_INPUT,
        architecture.hiddenSize(),
        new Parameters.Map(part, architecture.intermediateSize()));
  }

  private LinearMap linear(
      Compute compute,
      Parameters parameters,
      Layout.LinearMap kind,
      int inputs,
      Parameters.Map... maps)
      throws ModelFormatException {
    boolean bias = architecture.layout().biased().contains(kind);
    return parameters.linear(compute, bias, inputs, maps);
  }

  private Norm norm(Compute compute, Parameters parameters, String part)
      throws ModelFormatException {
    return norm(compute, parameters, architecture.hiddenSize(), part);
  }

  private Norm norm(Compute compute, Parameters parameters, int size, String part)
      throws ModelFormatException {
    return parameters.norm(
        compute,
        architecture.layout().normKind(),
        architecture.layout().normBias(),
        architecture.layerNormEpsilon(),
        size,
        part);
  }

  private PositionParts positions() {
    return new PositionParts(
        architecture, biasTable.map(Parameter::values).orElseGet(() -> new float[0]));
  }

  /** Takes over parameters that have changed. */
  public void refresh() {
    embeddings.refresh();
    layers.forEach(EncoderLayer::refresh);
    finalNorm.ifPresent(Norm::refresh);
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
