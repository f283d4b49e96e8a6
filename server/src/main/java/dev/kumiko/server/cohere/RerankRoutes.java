package dev.kumiko.server.cohere;

import dev.kumiko.format.Json;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedReranker;
import dev.kumiko.server.tei.TeiErrors;
import dev.kumiko.server.tei.TeiScores;
import dev.kumiko.server.text.DocumentScoring;
import dev.kumiko.server.text.DocumentScoring.Place;
import dev.kumiko.server.text.InputLimits;
import dev.kumiko.server.text.TextEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * Rerankings as Cohere (<a href="https://docs.cohere.com/reference/rerank">reference</a>) and Jina
 * have them. {@code /rerank} is theirs and text-embeddings-inference's: the field {@code texts}
 * tells which is meant. A document that is too long is cut, as they do it; a header says so.
 */
public final class RerankRoutes {
  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "query",
          "documents",
          "top_n",
          "return_documents",
          "max_tokens_per_doc",
          "max_chunks_per_doc",
          "rank_fields",
          "truncation",
          "priority");

  private final ModelCatalog models;
  private final InputLimits limits;
  private final TeiScores tei;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   * @param tei answers where {@code texts} are ranked
   */
  public RerankRoutes(ModelCatalog models, InputLimits limits, TeiScores tei) {
    this.models = models;
    this.limits = limits;
    this.tei = tei;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(
        new Route("POST", "/v1/rerank", CohereErrors.SHAPE, this::rerank),
        new Route("POST", "/v2/rerank", CohereErrors.SHAPE, this::rerank),
        new Route("POST", "/rerank", TeiErrors.SHAPE, this::either));
  }

  private Answer either(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body());
    return fields.find("documents").isPresent() ? rerank(call, fields) : tei.rerank(call, fields);
  }

  private Answer rerank(Call call) throws ApiException, InterruptedException {
    return rerank(call, new Fields(call.body()));
  }

  private Answer rerank(Call call, Fields fields) throws ApiException, InterruptedException {
    fields.only(FIELDS);
    ServedReranker model =
        ModelChoice.of(models, ServedReranker.class, fields.text("model"), call.notes());
    String query = Fields.text("query", fields.get("query"));
    List<String> documents = documents(fields.get("documents"));
    int top = fields.number("top_n", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
    boolean text = fields.truth("return_documents", false);
    List<Place> places = DocumentScoring.rank(call, model, query, documents);
    List<Place> best = places.subList(0, Math.min(top, places.size()));
    long tokens = DocumentScoring.tokens(places);
    return TextEmbedding.tell(
        Answer.json(json -> write(json, model, best, text, tokens)),
        DocumentScoring.truncated(places));
  }

  private List<String> documents(Json value) throws ApiException {
    List<String> documents = new ArrayList<>();
    for (Json item : limits.items("documents", value)) {
      Json text = item.isObject() ? new Fields(item).get("text") : item;
      documents.add(Fields.text("documents", text));
    }
    return documents;
  }

  private static void write(
      JsonGenerator json, ServedReranker model, List<Place> places, boolean text, long tokens) {
    json.writeStartObject();
    json.writeStringProperty("id", UUID.randomUUID().toString());
    json.writeStringProperty("model", model.name());
    json.writeArrayPropertyStart("results");
    for (Place place : places) {
      json.writeStartObject();
      json.writeNumberProperty("index", place.index());
      json.writeNumberProperty("relevance_score", place.scored().score());
      if (text) {
        json.writeObjectPropertyStart("document");
        json.writeStringProperty("text", place.text());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectPropertyStart("usage");
    json.writeNumberProperty("total_tokens", tokens);
    json.writeEndObject();
    json.writeObjectPropertyStart("meta");
    json.writeObjectPropertyStart("billed_units");
    json.writeNumberProperty("search_units", 1);
    json.writeEndObject();
    json.writeObjectPropertyStart("tokens");
    json.writeNumberProperty("input_tokens", tokens);
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }
}
