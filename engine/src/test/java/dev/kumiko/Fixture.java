package dev.kumiko;

import dev.kumiko.format.Activation;
import dev.kumiko.format.AddedToken;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.Similarity;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A small checkpoint with random weights and the reference's results for it. */
public final class Fixture {
  public static final List<String> BERT =
      List.of("bert-mean", "bert-cls-gelu-tanh", "bert-max-relu-unnormalised", "bert-sqrtlen-odd");

  private final Path folder;
  private final Json golden;

  private Fixture(Path folder) throws IOException {
    this.folder = folder;
    this.golden = json(folder.resolve("golden.json"));
  }

  public static Fixture open(String name) throws IOException {
    try {
      return new Fixture(Path.of(Fixture.class.getResource("/fixtures/" + name).toURI()));
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Texts, ids, tokens and pairs as the reference sees them. */
  public Json golden() {
    return golden;
  }

  public List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>();
    for (Json text : golden.get("texts").items()) {
      texts.add(text.asString());
    }
    return texts;
  }

  /** Hidden states and final vectors of the reference. */
  public ModelFile goldenTensors() throws IOException {
    return ModelFile.open(folder.resolve("golden.safetensors"));
  }

  /** Writes the checkpoint as a Kumiko model file. */
  public Path writeModel(Path target) throws IOException {
    ModelDescription description = description();
    ModelWriter writer = new ModelWriter(target).metadata(description.toMetadata());
    try (ModelFile weights = ModelFile.open(folder.resolve("model.safetensors"))) {
      for (Tensor tensor : weights.tensors().values()) {
        if (!tensor.name().startsWith("pooler.")) {
          float[] values = tensor.toFloats();
          long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
          writer.floats(canonicalName(tensor.name()), values, shape);
        }
      }
      tables().addTo(writer, description.tokenizer());
      writer.write();
    }
    return target;
  }

  private static String canonicalName(String name) {
    return name.replace("embeddings.word_embeddings", "embeddings.token")
        .replace("embeddings.position_embeddings", "embeddings.position")
        .replace("embeddings.token_type_embeddings", "embeddings.token_type")
        .replace("embeddings.LayerNorm", "embeddings.norm")
        .replace("encoder.layer.", "layers.")
        .replace("attention.self.", "attention.")
        .replace("attention.output.dense", "attention.output")
        .replace("attention.output.LayerNorm", "attention.norm")
        .replace("intermediate.dense", "feed_forward.up")
        .replace("output.dense", "feed_forward.down")
        .replace("output.LayerNorm", "feed_forward.norm");
  }

  private TokenizerTables tables() throws IOException {
    Map<String, Json> vocabulary =
        json(folder.resolve("tokenizer.json")).get("model").get("vocab").members();
    String[] tokens = new String[vocabulary.size()];
    for (Map.Entry<String, Json> entry : vocabulary.entrySet()) {
      tokens[entry.getValue().asInt()] = entry.getKey();
    }
    return TokenizerTables.of(
        "tokenizer.json", List.of(tokens), new double[0], new int[0], new byte[0]);
  }

  private ModelDescription description() throws IOException {
    Json config = json(folder.resolve("config.json"));
    Architecture architecture =
        new Architecture(
            "bert",
            config.get("num_hidden_layers").asInt(),
            config.get("hidden_size").asInt(),
            config.get("num_attention_heads").asInt(),
            config.get("intermediate_size").asInt(),
            switch (config.get("hidden_act").asString()) {
              case "gelu" -> Activation.GELU;
              case "gelu_new" -> Activation.GELU_TANH;
              default -> Activation.RELU;
            },
            config.get("layer_norm_eps").asDouble(),
            config.get("vocab_size").asInt(),
            config.get("max_position_embeddings").asInt(),
            config.get("type_vocab_size").asInt());
    Pooling pooling =
        Pooling.valueOf(golden.get("pooling").asString().toUpperCase(java.util.Locale.ROOT));
    return new ModelDescription(
        folder.getFileName().toString(),
        "",
        architecture,
        new Head(pooling, golden.get("normalize").asBoolean()),
        Similarity.COSINE,
        golden.get("max_length").asInt(),
        Map.of("query", "query: "),
        "",
        tokenizer(),
        Optional.empty());
  }

  private TokenizerDescription tokenizer() throws IOException {
    Json tokenizer = json(folder.resolve("tokenizer.json"));
    List<AddedToken> added = new ArrayList<>();
    for (Json token : tokenizer.get("added_tokens").items()) {
      added.add(
          new AddedToken(
              token.get("id").asInt(),
              token.get("content").asString(),
              token.get("single_word").asBoolean(),
              token.get("lstrip").asBoolean(),
              token.get("rstrip").asBoolean(),
              token.get("normalized").asBoolean(),
              token.get("special").asBoolean()));
    }
    Map<String, Json> vocabulary = tokenizer.get("model").get("vocab").members();
    return new TokenizerDescription(
        List.of(new NormalizerStep.Bert(true, true, true, true)),
        List.of(SplitStep.Simple.BERT),
        new TokenModel.WordPiece("##", 100, vocabulary.get("[UNK]").asInt()),
        SpecialTokens.bert(vocabulary.get("[CLS]").asInt(), vocabulary.get("[SEP]").asInt()),
        added);
  }

  private static Json json(Path file) throws IOException {
    return Json.parse(file.getFileName().toString(), Files.readAllBytes(file));
  }
}
