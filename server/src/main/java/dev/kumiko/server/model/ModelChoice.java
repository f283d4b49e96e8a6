package dev.kumiko.server.model;

import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Notes;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which model a request means. */
public final class ModelChoice {
  private ModelChoice() {}

  /**
   * Returns the model of a name.
   *
   * @param models what is served
   * @param kind what the route needs
   * @param name as the request has it; empty for the first model of the kind
   * @param notes hears of it
   * @param <T> the kind
   * @return the model
   * @throws ApiException if there is none of that name, or it is of another kind, or none is loaded
   *     yet
   */
  public static <T extends ServedModel> T of(
      ModelCatalog models, Class<T> kind, Optional<String> name, Notes notes) throws ApiException {
    T model = name.isPresent() ? named(models, kind, name.get()) : first(models, kind);
    notes.model(model.name());
    return model;
  }

  private static <T extends ServedModel> T named(ModelCatalog models, Class<T> kind, String name)
      throws ApiException {
    Optional<ServedModel> found = models.find(name);
    if (found.isEmpty()) {
      throw new ApiException(
          Fault.NO_MODEL,
          "model",
          "there is no model \"%s\"; this server has %s".formatted(name, names(models)));
    }
    if (!kind.isInstance(found.get())) {
      throw new ApiException(
          Fault.INVALID,
          "model",
          "the model \"%s\" gives %s, and this route needs %s; this server has %s"
              .formatted(name, found.get().gives(), wanted(kind), names(models)));
    }
    return kind.cast(found.get());
  }

  private static <T extends ServedModel> T first(ModelCatalog models, Class<T> kind)
      throws ApiException {
    Optional<T> first = models.first(kind);
    if (first.isEmpty()) {
      throw new ApiException(
          Fault.NO_MODEL,
          "model",
          "this route needs %s, to be given to the server by --model FILE; it has %s"
              .formatted(wanted(kind), names(models)));
    }
    return first.get();
  }

  private static String wanted(Class<? extends ServedModel> kind) {
    if (kind == ServedReranker.class) {
      return "a model that gives scores, a cross-encoder with one label";
    }
    return kind == ServedClassifier.class
        ? "a model that gives labels, a cross-encoder with several"
        : "a model that gives embeddings";
  }

  private static String names(ModelCatalog models) throws ApiException {
    return models.all().stream()
        .map(model -> "\"%s\" (%s)".formatted(model.name(), model.gives()))
        .collect(Collectors.joining(", "));
  }
}
