package dev.kumiko.server.tei;

import dev.kumiko.format.Json;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.Classified;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedClassifier;
import dev.kumiko.server.model.ServedReranker;
import dev.kumiko.server.text.DocumentScoring;
import dev.kumiko.server.text.DocumentScoring.Place;
import dev.kumiko.server.text.InputLimits;
import dev.kumiko.server.text.TextEmbedding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.core.JsonGenerator;

/** Rerankings and labels as text-embeddings-inference has them. */
public final class TeiScores {
  private static final Set<String> RERANK =
      Set.of(
          "query",
          "texts",
          "truncate",
          "truncation_direction",
          "raw_scores",
          "return_text",
          "model");

  private static final Set<String> PREDICT =
      Set.of("inputs", "truncate", "truncation_direction", "raw_scores", "model");

  private final ModelCatalog models;
  private final InputLimits limits;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   */
  public TeiScores(ModelCatalog models, InputLimits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(new Route("POST", "/predict", TeiErrors.SHAPE, this::predict));
  }

  /**
   * Answers {@code /rerank} with {@code texts}: sorted, best first.
   *
   * @param call of the request
   * @param fields of its body
   * @return the answer
   * @throws ApiException if there is none
   * @throws InterruptedException if the server stops
   */
  public Answer rerank(Call call, Fields fields) throws ApiException, InterruptedException {
    fields.only(RERANK);
    ServedReranker model =
        ModelChoice.of(models, ServedReranker.class, fields.text("model"), call.notes());
    TeiRoutes.requireCutAtEnd(fields);
    boolean raw = fields.truth("raw_scores", false);
    boolean text = fields.truth("return_text", false);
    boolean truncate = fields.truth("truncate", false);
    String query = Fields.text("query", fields.get("query"));
    List<String> texts = limits.array("texts", fields.get("texts"));
    List<Place> places = DocumentScoring.rank(call, model, query, texts);
    long truncated = DocumentScoring.truncated(places);
    if (truncated > 0 && !truncate) {
      throw new ApiException(
          Fault.TOO_LONG,
          "texts",
          "%,d of the texts have more than %,d tokens with the query; shorten them, or say \"truncate\": true"
              .formatted(truncated, model.maxTokens()));
    }
    return TextEmbedding.tell(
        Answer.json(json -> writeRanking(json, places, raw, text)), truncated);
  }

  private static void writeRanking(
      JsonGenerator json, List<Place> places, boolean raw, boolean text) {
    json.writeStartArray();
    for (Place place : places) {
      json.writeStartObject();
      json.writeNumberProperty("index", place.index());
      json.writeNumberProperty(
          "score", raw ? place.scored().logit() : (float) place.scored().score());
      if (text) {
        json.writeStringProperty("text", place.text());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private Answer predict(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body()).only(PREDICT);
    ServedClassifier model =
        ModelChoice.of(models, ServedClassifier.class, fields.text("model"), call.notes());
    TeiRoutes.requireCutAtEnd(fields);
    boolean raw = fields.truth("raw_scores", false);
    boolean truncate = fields.truth("truncate", false);
    Json inputs = fields.get("inputs");
    boolean single = inputs.isString() || limits.items("inputs", inputs).getFirst().isString();
    List<List<String>> texts = single ? List.of(sequence(inputs)) : sequences(inputs);
    List<Classified> classified = call.compute(model.classify(truncate), texts);
    refuseLong(model, classified);
    call.notes().tokens(classified.stream().mapToLong(each -> tokens(model, each)).sum());
    List<float[]> scores = new ArrayList<>();
    for (Classified each : classified) {
      scores.add(raw ? each.logits() : model.scores(each.logits()));
    }
    long truncated = classified.stream().filter(each -> each.tokens() > model.maxTokens()).count();
    return TextEmbedding.tell(predictions(model, scores, single), truncated);
  }

  private static void refuseLong(ServedClassifier model, List<Classified> classified)
      throws ApiException {
    for (int i = 0; i < classified.size(); i++) {
      Classified each = classified.get(i);
      if (each != null && each.isRefused()) {
        throw InputLimits.tooLong("inputs", i, classified.size(), each.tokens(), model);
      }
    }
  }

  private static int tokens(ServedClassifier model, Classified classified) {
    return Math.min(classified.tokens(), model.maxTokens());
  }

  private static Answer predictions(ServedClassifier model, List<float[]> scores, boolean single) {
    return Answer.json(
        json -> {
          if (single) {
            writeLabels(json, model.labels(), scores.getFirst());
          } else {
            json.writeStartArray();
            scores.forEach(each -> writeLabels(json, model.labels(), each));
            json.writeEndArray();
          }
        });
  }

  private List<List<String>> sequences(Json inputs) throws ApiException {
    List<List<String>> texts = new ArrayList<>();
    for (Json item : limits.items("inputs", inputs)) {
      texts.add(sequence(item));
    }
    return texts;
  }

  private static List<String> sequence(Json input) throws ApiException {
    if (input.isString()) {
      return List.of(Fields.text("inputs", input));
    }
    List<String> texts = new ArrayList<>();
    for (Json item : Fields.items("inputs", input)) {
      texts.add(Fields.text("inputs", item));
    }
    if (texts.isEmpty() || texts.size() > 2) {
      throw Fields.wrong("inputs", input, "a text or two");
    }
    return texts;
  }

  private static void writeLabels(JsonGenerator json, List<String> labels, float[] scores) {
    json.writeStartArray();
    IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(label -> -scores[label]))
        .forEach(
            label -> {
              json.writeStartObject();
              json.writeNumberProperty("score", scores[label]);
              json.writeStringProperty("label", labels.get(label));
              json.writeEndObject();
            });
    json.writeEndArray();
  }
}
