package dev.kumiko.server.openai;

import dev.kumiko.Embedding;
import dev.kumiko.Input;
import dev.kumiko.format.Json;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.model.ServedModel;
import dev.kumiko.server.text.InputLimits;
import dev.kumiko.server.text.TextEmbedding;
import dev.kumiko.server.text.VectorJson;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/**
 * OpenAI's embeddings: <a
 * href="https://platform.openai.com/docs/api-reference/embeddings">reference</a>.
 */
public final class OpenAiRoutes {
  private static final Set<String> FIELDS =
      Set.of("input", "model", "encoding_format", "dimensions", "user");

  private final ModelCatalog models;
  private final InputLimits limits;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   */
  public OpenAiRoutes(ModelCatalog models, InputLimits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(
        new Route("POST", "/v1/embeddings", OpenAiErrors.SHAPE, this::embeddings),
        new Route("GET", "/v1/models", OpenAiErrors.SHAPE, call -> models()));
  }

  private Answer embeddings(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body()).only(FIELDS);
    ServedEmbedder model =
        ModelChoice.of(models, ServedEmbedder.class, fields.text("model"), call.notes());
    OptionalInt dimensions = fields.number("dimensions", 1, model.info().dimension());
    boolean base64 = base64(fields);
    Json input = fields.get("input");
    List<Embedding> embeddings = embed(call, model, input, dimensions);
    long tokens = TextEmbedding.tokens(embeddings);
    return Answer.json(json -> write(json, model, embeddings, base64, tokens));
  }

  private List<Embedding> embed(Call call, ServedEmbedder model, Json input, OptionalInt dimensions)
      throws ApiException, InterruptedException {
    Optional<List<Input>> ids = limits.ids("input", input, model);
    if (ids.isPresent()) {
      List<Embedding> embeddings = call.compute(model.embedIds(dimensions), ids.get());
      call.notes().tokens(TextEmbedding.tokens(embeddings));
      return embeddings;
    }
    return new TextEmbedding("input", model, Optional.empty(), dimensions, false)
        .embed(call, limits.texts("input", input));
  }

  private static boolean base64(Fields fields) throws ApiException {
    String format = fields.text("encoding_format").orElse("float");
    return switch (format) {
      case "float" -> false;
      case "base64" -> true;
      default ->
          throw new ApiException(
              Fault.INVALID,
              "encoding_format",
              "\"encoding_format\" is \"%s\", expected float or base64".formatted(format));
    };
  }

  private static void write(
      JsonGenerator json,
      ServedModel model,
      List<Embedding> embeddings,
      boolean base64,
      long tokens) {
    json.writeStartObject();
    json.writeStringProperty("object", "list");
    json.writeArrayPropertyStart("data");
    for (int i = 0; i < embeddings.size(); i++) {
      json.writeStartObject();
      json.writeStringProperty("object", "embedding");
      json.writeNumberProperty("index", i);
      json.writeName("embedding");
      VectorJson.write(json, embeddings.get(i).vector(), base64);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringProperty("model", model.name());
    json.writeObjectPropertyStart("usage");
    json.writeNumberProperty("prompt_tokens", tokens);
    json.writeNumberProperty("total_tokens", tokens);
    json.writeEndObject();
    json.writeEndObject();
  }

  private Answer models() throws ApiException {
    Collection<ServedModel> all = models.all();
    long created = models.time().getEpochSecond();
    return Answer.json(
        json -> {
          json.writeStartObject();
          json.writeStringProperty("object", "list");
          json.writeArrayPropertyStart("data");
          for (ServedModel model : all) {
            json.writeStartObject();
            json.writeStringProperty("id", model.name());
            json.writeStringProperty("object", "model");
            json.writeNumberProperty("created", created);
            json.writeStringProperty("owned_by", "kumiko");
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
