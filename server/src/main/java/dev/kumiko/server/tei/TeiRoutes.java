package dev.kumiko.server.tei;

import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
import dev.kumiko.model.Similarity;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.text.InputLimits;
import dev.kumiko.server.text.TextEmbedding;
import dev.kumiko.server.text.VectorJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Embeddings as text-embeddings-inference has them: <a
 * href="https://huggingface.github.io/text-embeddings-inference">reference</a>. A text that is too
 * long is cut only if {@code truncate} says so. Beside its fields there is {@code model}, since
 * this server may have several.
 */
public final class TeiRoutes {
  private static final Set<String> EMBED =
      Set.of(
          "inputs",
          "truncate",
          "truncation_direction",
          "prompt_name",
          "normalize",
          "dimensions",
          "model");

  private static final Set<String> PARAMETERS =
      Set.of("truncate", "truncation_direction", "prompt_name");

  private static final Set<String> SIMILARITY = Set.of("inputs", "parameters", "model");

  private final ModelCatalog models;
  private final InputLimits limits;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   */
  public TeiRoutes(ModelCatalog models, InputLimits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(
        new Route("POST", "/embed", TeiErrors.SHAPE, this::embed),
        new Route("POST", "/similarity", TeiErrors.SHAPE, this::similarity));
  }

  private Answer embed(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body()).only(EMBED);
    ServedEmbedder model =
        ModelChoice.of(models, ServedEmbedder.class, fields.text("model"), call.notes());
    OptionalInt dimensions = fields.number("dimensions", 1, model.info().dimension());
    boolean normalize = normalize(fields, model);
    List<Embedding> embeddings =
        embedding("inputs", fields, model, dimensions)
            .embed(call, limits.texts("inputs", fields.get("inputs")));
    List<float[]> vectors = new ArrayList<>(embeddings.size());
    for (Embedding embedding : embeddings) {
      vectors.add(normalize ? normalized(embedding.vector()) : embedding.vector());
    }
    Answer answer =
        Answer.json(
            json -> {
              json.writeStartArray();
              vectors.forEach(vector -> VectorJson.write(json, vector, false));
              json.writeEndArray();
            });
    return TextEmbedding.tell(answer, embeddings);
  }

  private static TextEmbedding embedding(
      String field, Fields fields, ServedEmbedder model, OptionalInt dimensions)
      throws ApiException {
    requireCutAtEnd(fields);
    Optional<String> prompt = fields.text("prompt_name");
    if (prompt.isPresent() && !model.info().prompts().containsKey(prompt.get())) {
      throw new ApiException(
          Fault.INVALID,
          "prompt_name",
          "%s has no prompt \"%s\"; it has %s"
              .formatted(
                  model.name(), prompt.get(), new TreeSet<>(model.info().prompts().keySet())));
    }
    return new TextEmbedding(field, model, prompt, dimensions, fields.truth("truncate", false));
  }

  static void requireCutAtEnd(Fields fields) throws ApiException {
    String direction = fields.text("truncation_direction").orElse("Right");
    if (!direction.toLowerCase(Locale.ROOT).equals("right")) {
      throw new ApiException(
          Fault.INVALID,
          "truncation_direction",
          "\"truncation_direction\" is \"%s\", and a model cuts texts as it was made to; leave it out"
              .formatted(direction));
    }
  }

  /** Returns whether vectors have to be normalised here; most models do it themselves. */
  private static boolean normalize(Fields fields, ServedEmbedder model) throws ApiException {
    boolean wanted = fields.truth("normalize", true);
    if (!wanted && model.normalizes()) {
      throw new ApiException(
          Fault.INVALID,
          "normalize",
          "\"normalize\" is false, but %s normalises its vectors itself".formatted(model.name()));
    }
    return wanted && !model.normalizes();
  }

  private static float[] normalized(float[] vector) {
    double square = 0;
    for (float x : vector) {
      square += (double) x * x;
    }
    double norm = Math.max(Math.sqrt(square), 1e-12); // as PyTorch's normalize
    float[] result = new float[vector.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) (vector[i] / norm);
    }
    return result;
  }

  private Answer similarity(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body()).only(SIMILARITY);
    ServedEmbedder model =
        ModelChoice.of(models, ServedEmbedder.class, fields.text("model"), call.notes());
    Fields inputs = new Fields(fields.get("inputs")).only(Set.of("source_sentence", "sentences"));
    List<String> texts = new ArrayList<>();
    texts.add(Fields.text("source_sentence", inputs.get("source_sentence")));
    texts.addAll(limits.texts("sentences", inputs.get("sentences")));
    Optional<Json> given = fields.find("parameters");
    Fields parameters = given.isEmpty() ? inputs : new Fields(given.get()).only(PARAMETERS);
    List<Embedding> embeddings =
        embedding("inputs", parameters, model, OptionalInt.empty()).embed(call, texts);
    float[] source = embeddings.getFirst().vector();
    Answer answer =
        Answer.json(
            json -> {
              json.writeStartArray();
              for (Embedding each : embeddings.subList(1, embeddings.size())) {
                json.writeNumber((float) Similarity.COSINE.between(source, each.vector()));
              }
              json.writeEndArray();
            });
    return TextEmbedding.tell(answer, embeddings);
  }
}
