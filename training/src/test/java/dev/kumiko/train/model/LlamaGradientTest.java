package dev.kumiko.train.model;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.Layout.NormPlace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.format.Position;
import dev.kumiko.format.TensorNames;
import dev.kumiko.train.ModelFiles;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.lora.Lora;
import dev.kumiko.train.loss.LossInput;
import dev.kumiko.train.loss.MultipleNegativesRanking;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.random.SeededRandom;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors, hidden states, loss and every gradient of a small Llama against autograd. */
class LlamaGradientTest {
  private static final List<String> COLUMNS = List.of("a", "b", "c");

  private final TrainingFixture weights = TrainingFixture.open("llama");
  @TempDir private Path folder;

  private ModelDescription description() throws IOException {
    Json facts = weights.facts();
    double theta = facts.get("rope_theta").asDouble();
    Layout layout =
        new Layout(
            new Position.Rotary(theta, theta),
            1,
            Optional.empty(),
            Optional.empty(),
            new Layout.Attention(
                facts.get("num_key_value_heads").asInt(),
                facts.get("head_dim").asInt(),
                true,
                false,
                OptionalDouble.empty(),
                OptionalDouble.empty()),
            NormPlace.BEFORE_EACH,
            NormKind.RMS_NORM,
            false,
            true,
            Set.of());
    Architecture architecture =
        new Architecture(
            "llama",
            facts.get("num_hidden_layers").asInt(),
            facts.get("hidden_size").asInt(),
            facts.get("num_attention_heads").asInt(),
            facts.get("intermediate_size").asInt(),
            Activation.SILU,
            facts.get("rms_norm_eps").asDouble(),
            facts.get("vocab_size").asInt(),
            64,
            0,
            layout);
    return ModelFiles.description(architecture, new Head(Pooling.WEIGHTED_MEAN, false));
  }

  private Path model() throws IOException {
    ModelDescription description = description();
    Map<String, float[]> values = new LinkedHashMap<>();
    for (String name : TensorNames.required(description).keySet()) {
      values.put(name, weights.get("param." + originalName(name)).floats());
    }
    return ModelFiles.write(folder.resolve("llama"), description, values);
  }

  /** Returns the name that a tensor of a model file has in Hugging Face's LlamaModel. */
  private static String originalName(String name) {
    return name.replace("embeddings.token.", "embed_tokens.")
        .replace("final.norm", "norm")
        .replaceFirst("attention\\.(.)\\w+\\.weight$", "self_attn.$1_proj.weight")
        .replace("self_attn.n_proj", "input_layernorm")
        .replace("feed_forward.norm", "post_attention_layernorm")
        .replace("feed_forward.up", "mlp.gate_proj")
        .replace("feed_forward.gate", "mlp.up_proj")
        .replace("feed_forward.down", "mlp.down_proj");
  }

  private static PackedTexts texts(TrainingFixture reference) throws IOException {
    PackedTexts texts = new PackedTexts();
    for (String column : COLUMNS) {
      for (Json text : reference.facts().get("batch").get(column).items()) {
        int[] ids = new int[text.items().size()];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = text.items().get(i).asInt();
        }
        texts.add(ids, ids.length);
      }
    }
    return texts;
  }

  /** Checks the vectors and the loss, and goes back with the reference's gradient. */
  private static void goBack(TrainingFixture reference, Pass pass, double scale)
      throws IOException {
    float[] vectors = pass.vectors();
    int size = vectors.length / COLUMNS.size();
    float[] gradient = new float[vectors.length];
    List<SentenceVectors> columns = new ArrayList<>();
    for (int c = 0; c < COLUMNS.size(); c++) {
      double[] expected = reference.get("vectors." + COLUMNS.get(c)).array();
      assertClose(COLUMNS.get(c), expected, Arrays.copyOfRange(vectors, c * size, (c + 1) * size));
      columns.add(new SentenceVectors(6, size / 6, expected));
      float[] own = reference.get("grad.vectors." + COLUMNS.get(c)).floats();
      System.arraycopy(own, 0, gradient, c * size, size);
    }
    double loss =
        new MultipleNegativesRanking(scale, false)
            .apply(new LossInput(columns, new double[0], List.of()), 1);
    double expected = reference.facts().get("loss").asDouble();
    assertEquals(expected, loss, 1e-6 * expected);
    pass.backward(OutputGradients.ofVectors(gradient));
  }

  @ParameterizedTest
  @EnumSource(Memory.class)
  void gradientsAreThoseOfAutograd(Memory memory) throws IOException {
    TrainingFixture reference = TrainingFixture.open("llama-mnr");
    PackedTexts texts = texts(reference);
    try (TrainableModel model = TrainableModel.open(model(), 2, memory)) {
      Pass pass = model.forward(texts);
      for (int layer = 0; layer <= model.layers(); layer++) {
        double[] expected = reference.get("first.hidden" + layer).array();
        assertClose("layer " + layer, expected, Arrays.copyOf(pass.hidden(layer), expected.length));
      }
      goBack(reference, pass, 20);
      for (Parameter parameter : model.parameters()) {
        double[] expected = reference.get("grad." + originalName(parameter.name())).array();
        assertClose(parameter.name(), expected, parameter.gradient());
      }
    }
  }

  @Test
  void lowRankChangesHaveTheGradientsOfAutograd() throws IOException {
    TrainingFixture reference = TrainingFixture.open("llama-lora-mnr");
    PackedTexts texts = texts(reference);
    try (TrainableModel model = TrainableModel.open(model(), 2, Memory.KEEP)) {
      Lora lora =
          Lora.attach(model.parameters(), Pattern.compile("layers"), 4, 8, new SeededRandom(1));
      assertEquals(2 * 2 * 7, lora.parameters().size());
      for (Parameter parameter : lora.parameters()) {
        float[] values = reference.get("param." + thinName(parameter)).floats();
        System.arraycopy(values, 0, parameter.values(), 0, values.length);
      }
      lora.compose(model.threads());
      model.refresh();
      goBack(reference, model.forward(texts), 50);
      lora.propagate(model.threads());
      for (Parameter parameter : lora.parameters()) {
        double[] expected = reference.get("grad." + thinName(parameter)).array();
        assertClose(parameter.name(), expected, parameter.gradient());
      }
    }
  }

  private static String thinName(Parameter parameter) {
    int end = parameter.name().indexOf(".weight.lora_");
    String thin = parameter.name().substring(end + ".weight".length());
    return originalName(parameter.name().substring(0, end) + ".weight")
            .replaceFirst("\\.weight$", "")
        + thin;
  }
}
