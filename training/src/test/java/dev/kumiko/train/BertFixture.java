package dev.kumiko.train;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Composition;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.TensorNames;
import dev.kumiko.train.TrainingFixture.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A case {@code bert-*} of the references: the same small BERT, its batch and its gradients. */
public final class BertFixture {

  private static final int PARTS = 4;

  private final TrainingFixture weights = TrainingFixture.open("bert");
  private final TrainingFixture reference;
  private final boolean pooler;

  private BertFixture(TrainingFixture reference, boolean pooler) {
    this.reference = reference;
    this.pooler = pooler;
  }

  /** Opens a case. */
  public static BertFixture open(String name) throws IOException {
    TrainingFixture reference = TrainingFixture.open(name);
    boolean pooler = reference.facts().get("note").asString().contains("tanh(pooler");
    return new BertFixture(reference, pooler);
  }

  /** Returns facts and gradients. */
  public TrainingFixture reference() {
    return reference;
  }

  /** Writes the model before training; the token table is composed if the case says so. */
  public Path writeModel(Path target) throws IOException {
    ModelDescription description = description();
    ModelWriter writer = ModelFiles.writer(target, description);
    if (isComposed()) {
      writer.metadata(
          Composition.METADATA,
          new Composition(Composition.Assignment.CARTESIAN, PARTS, true).toMetadata());
      for (int part = 0; part < PARTS; part++) {
        add(writer, TensorNames.weight(TensorNames.composedPart(part)));
      }
    }
    for (String name : TensorNames.required(description).keySet()) {
      if (!isComposed() || !name.equals(TensorNames.TOKEN_EMBEDDINGS)) {
        add(writer, name);
      }
    }
    writer.write();
    return target;
  }

  private boolean isComposed() {
    return reference.has("param.parts.0");
  }

  private void add(ModelWriter writer, String name) {
    String original = "param." + originalName(name);
    Values values = weights.has(original) ? weights.get(original) : reference.get(original);
    long[] shape = values.shape().stream().mapToLong(Integer::longValue).toArray();
    writer.floats(name, values.floats(), shape);
  }

  private ModelDescription description() throws IOException {
    Json facts = weights.facts();
    Architecture architecture =
        new Architecture(
            "bert",
            facts.get("num_hidden_layers").asInt(),
            facts.get("hidden_size").asInt(),
            facts.get("num_attention_heads").asInt(),
            facts.get("intermediate_size").asInt(),
            Activation.GELU,
            facts.get("layer_norm_eps").asDouble(),
            facts.get("vocab_size").asInt(),
            facts.get("max_position_embeddings").asInt(),
            facts.get("type_vocab_size").asInt());
    Head head =
        pooler
            ? new Head(
                List.of(Pooling.CLS),
                true,
                List.of(new HeadStep.Dense(architecture.hiddenSize(), true, HeadActivation.TANH)),
                false)
            : new Head(Pooling.MEAN, false);
    return ModelFiles.description(architecture, head);
  }

  /** Returns the name that a tensor of a model file has in Hugging Face's BertModel. */
  public static String originalName(String name) {
    return name.replace("embeddings.token.parts", "parts")
        .replaceFirst("^(parts\\.\\d)\\.weight", "$1")
        .replace("embeddings.token.", "embeddings.word_embeddings.")
        .replace("embeddings.position.", "embeddings.position_embeddings.")
        .replace("embeddings.token_type.", "embeddings.token_type_embeddings.")
        .replace("embeddings.norm", "embeddings.LayerNorm")
        .replaceFirst("^layers\\.", "encoder.layer.")
        .replaceFirst("attention\\.(query|key|value)", "attention.self.$1")
        .replace("attention.output", "attention.output.dense")
        .replace("attention.norm", "attention.output.LayerNorm")
        .replace("feed_forward.up", "intermediate.dense")
        .replace("feed_forward.down", "output.dense")
        .replace("feed_forward.norm", "output.LayerNorm")
        .replace("head.0", "pooler.dense");
  }

  /** Returns the texts of a column of the batch. */
  public List<int[]> column(String column) throws IOException {
    List<int[]> texts = new ArrayList<>();
    for (Json text : reference.facts().get("batch").get(column).items()) {
      List<Json> ids = text.items();
      int[] array = new int[ids.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = ids.get(i).asInt();
      }
      texts.add(array);
    }
    return texts;
  }

  /** Packs texts. */
  public static PackedTexts packed(List<int[]> texts) {
    PackedTexts packed = new PackedTexts();
    texts.forEach(ids -> packed.add(ids, ids.length));
    return packed;
  }
}
