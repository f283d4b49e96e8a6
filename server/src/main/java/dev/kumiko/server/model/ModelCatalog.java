package dev.kumiko.server.model;

import dev.kumiko.Precision;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that a server has, by name. Immutable and safe for concurrent use. */
public final class ModelCatalog implements AutoCloseable {
  private final Map<String, ServedModel> models = new LinkedHashMap<>();
  private final Instant loaded = Instant.now();

  /**
   * Loads models.
   *
   * @param sources where they come from; none for the default model
   * @param threads so many compute at a time
   * @param precision what models with int8 activations are computed with
   * @return to be closed
   * @throws IOException if one cannot be loaded, or two have one name
   */
  public static ModelCatalog load(List<ModelSource> sources, int threads, Precision precision)
      throws IOException {
    ModelCatalog catalog = new ModelCatalog();
    try {
      for (ModelSource source : sources.isEmpty() ? List.of(ModelSource.DEFAULT) : sources) {
        catalog.add(source.load(threads, precision));
      }
    } catch (IOException | RuntimeException | Error e) {
      catalog.close();
      throw e;
    }
    return catalog;
  }

  private ModelCatalog() {}

  private void add(ServedModel model) throws IOException {
    if (models.putIfAbsent(model.name(), model) != null) {
      model.close();
      throw new IOException(
          "two models are named \"%s\"; give one another name: --model NAME=FILE"
              .formatted(model.name()));
    }
  }

  /** {@return all models, in the order in which they were named} */
  public Collection<ServedModel> all() {
    return models.values();
  }

  /** {@return when they were loaded} */
  public Instant loaded() {
    return loaded;
  }

  /**
   * Returns a model by its name.
   *
   * @param name as requests have it
   * @return empty if there is none
   */
  public Optional<ServedModel> find(String name) {
    return Optional.ofNullable(models.get(name));
  }

  /**
   * Returns the first model of a kind.
   *
   * @param kind such as {@code ServedEmbedder.class}
   * @param <T> the kind
   * @return empty if there is none
   */
  public <T extends ServedModel> Optional<T> first(Class<T> kind) {
    return of(kind).findFirst();
  }

  /**
   * Returns the models of a kind.
   *
   * @param kind such as {@code ServedEmbedder.class}
   * @param <T> the kind
   * @return in the order in which they were named
   */
  public <T extends ServedModel> Stream<T> of(Class<T> kind) {
    return models.values().stream().filter(kind::isInstance).map(kind::cast);
  }

  @Override
  public void close() {
    models.values().forEach(ServedModel::close);
  }
}
