package dev.kumiko.server.ollama;

import dev.kumiko.Embedding;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.CommonErrors;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.text.InputLimits;
import dev.kumiko.server.text.TextEmbedding;
import dev.kumiko.server.text.VectorJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Ollama's embeddings: <a href="https://docs.ollama.com/api/embed">reference</a>. A text that is
 * too long is cut, unless {@code truncate} is false.
 */
public final class OllamaRoutes {
  private static final Set<String> FIELDS =
      Set.of("model", "input", "truncate", "dimensions", "keep_alive", "options");

  private final ModelCatalog models;
  private final InputLimits limits;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   */
  public OllamaRoutes(ModelCatalog models, InputLimits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(new Route("POST", "/api/embed", CommonErrors.SHAPE, this::embed));
  }

  private Answer embed(Call call) throws ApiException, InterruptedException {
    long begun = System.nanoTime();
    Fields fields = new Fields(call.body()).only(FIELDS);
    ServedEmbedder model =
        ModelChoice.of(models, ServedEmbedder.class, name(fields.text("model")), call.notes());
    OptionalInt dimensions = fields.number("dimensions", 1, model.info().dimension());
    boolean truncate = fields.truth("truncate", true);
    List<Embedding> embeddings =
        new TextEmbedding("input", model, Optional.empty(), dimensions, truncate)
            .embed(call, limits.texts("input", fields.get("input")));
    long nanos = System.nanoTime() - begun;
    Answer answer =
        Answer.json(
            json -> {
              json.writeStartObject();
              json.writeStringProperty("model", model.name());
              json.writeArrayPropertyStart("embeddings");
              embeddings.forEach(each -> VectorJson.write(json, each.vector(), false));
              json.writeEndArray();
              json.writeNumberProperty("total_duration", nanos);
              json.writeNumberProperty("load_duration", 0);
              json.writeNumberProperty("prompt_eval_count", TextEmbedding.tokens(embeddings));
              json.writeEndObject();
            });
    return TextEmbedding.tell(answer, embeddings);
  }

  /** Ollama's clients ask for a version, too, which is {@code latest} unless one is named. */
  private static Optional<String> name(Optional<String> name) {
    String latest = ":latest";
    return name.map(
        asked ->
            asked.endsWith(latest) ? asked.substring(0, asked.length() - latest.length()) : asked);
  }
}
