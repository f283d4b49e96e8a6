package dev.kumiko.server.tei;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ServedClassifier;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.model.ServedModel;
import dev.kumiko.server.model.ServedReranker;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** What is served, as text-embeddings-inference tells it: of the first model, and of all. */
public final class TeiInfo {
  /**
   * How the server is set.
   *
   * @param version of Kumiko
   * @param queue so many texts wait at most
   * @param batchTokens a batch has about so many tokens
   * @param texts a request has at most so many
   * @param threads so many compute
   */
  public record Settings(String version, int queue, int batchTokens, int texts, int threads) {}

  private final ModelCatalog models;
  private final Settings settings;

  /**
   * Tells of models.
   *
   * @param models what is served
   * @param settings how
   */
  public TeiInfo(ModelCatalog models, Settings settings) {
    this.models = models;
    this.settings = settings;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(new Route("GET", "/info", TeiErrors.SHAPE, call -> info()));
  }

  private Answer info() throws ApiException {
    Collection<ServedModel> all = models.all();
    return Answer.json(
        json -> {
          json.writeStartObject();
          writeModel(json, all.iterator().next());
          json.writeNumberProperty("max_concurrent_requests", settings.queue());
          json.writeNumberProperty("max_batch_tokens", settings.batchTokens());
          json.writeNullProperty("max_batch_requests");
          json.writeNumberProperty("max_client_batch_size", settings.texts());
          json.writeBooleanProperty("auto_truncate", false);
          json.writeNumberProperty("tokenization_workers", settings.threads());
          json.writeStringProperty("version", settings.version());
          json.writeNullProperty("sha");
          json.writeNullProperty("docker_label");
          json.writeArrayPropertyStart("models");
          for (ServedModel model : all) {
            json.writeStartObject();
            writeModel(json, model);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void writeModel(JsonGenerator json, ServedModel model) {
    json.writeStringProperty("model_id", model.info().name());
    json.writeNullProperty("model_sha");
    json.writeStringProperty("model_dtype", model.backend().int8Activations() ? "int8" : "float32");
    json.writeStringProperty("served_model_name", model.name());
    json.writeNumberProperty("max_input_length", model.maxTokens());
    json.writeObjectPropertyStart("model_type");
    switch (model) {
      case ServedEmbedder embedder -> {
        json.writeObjectPropertyStart("embedding");
        json.writeStringProperty("pooling", pooling(embedder));
        json.writeNumberProperty("dimension", embedder.info().dimension());
        json.writeEndObject();
      }
      case ServedReranker reranker -> writeLabels(json, "reranker", List.of("LABEL_0"));
      case ServedClassifier classifier -> writeLabels(json, "classifier", classifier.labels());
    }
    json.writeEndObject();
  }

  private static String pooling(ServedEmbedder model) {
    return model.info() instanceof ModelDescription description
        ? description.head().pooling().getFirst().name().toLowerCase(Locale.ROOT)
        : "";
  }

  private static void writeLabels(JsonGenerator json, String kind, List<String> labels) {
    json.writeObjectPropertyStart(kind);
    json.writeObjectPropertyStart("id2label");
    for (int i = 0; i < labels.size(); i++) {
      json.writeStringProperty(Integer.toString(i), labels.get(i));
    }
    json.writeEndObject();
    json.writeObjectPropertyStart("label2id");
    for (int i = 0; i < labels.size(); i++) {
      json.writeNumberProperty(labels.get(i), i);
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
