package dev.kumiko.server.model;

import dev.kumiko.Precision;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The models that a server has, by name. Requests that come before they are loaded are told to come
 * again. Safe for concurrent use.
 */
public final class ModelCatalog implements AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Null until all are loaded. */
  private volatile Loaded loaded;

  /** Guarded by this. */
  private boolean closed;

  private record Loaded(Map<String, ServedModel> models, Instant time) implements AutoCloseable {
    @Override
    public void close() {
      models.values().forEach(ServedModel::close);
    }
  }

  /**
   * Loads models, once. What is loaded after this was closed is closed, too.
   *
   * @param sources where they come from; none for the default model
   * @param threads so many compute at a time
   * @param precision what models with int8 activations are computed with
   * @return all models, in the order in which they were named
   * @throws IOException if one cannot be loaded, or two have one name; then none is left open
   */
  public Collection<ServedModel> load(List<ModelSource> sources, int threads, Precision precision)
      throws IOException {
    Loaded all = new Loaded(new LinkedHashMap<>(), Instant.now());
    try {
      for (ModelSource source : sources.isEmpty() ? List.of(ModelSource.DEFAULT) : sources) {
        add(all.models(), source.load(threads, precision));
      }
    } catch (IOException | RuntimeException | Error e) {
      all.close();
      throw e;
    }
    publish(all);
    return Collections.unmodifiableCollection(all.models().values());
  }

  private static void add(Map<String, ServedModel> models, ServedModel model) throws IOException {
    if (models.putIfAbsent(model.name(), model) != null) {
      model.close();
      throw new IOException(
          "two models are named \"%s\"; give one another name: --model NAME=FILE"
              .formatted(model.name()));
    }
  }

  private synchronized void publish(Loaded all) {
    if (closed) {
      all.close();
    } else {
      loaded = all;
    }
  }

  private Loaded loaded() throws ApiException {
    Loaded now = loaded;
    if (now == null) {
      throw new ApiException(
          Fault.UNAVAILABLE,
          RETRY,
          "the server is loading its models; try again in a second",
          null);
    }
    return now;
  }

  /**
   * Returns all models.
   *
   * @return in the order in which they were named
   * @throws ApiException if they are not loaded yet
   */
  public Collection<ServedModel> all() throws ApiException {
    return Collections.unmodifiableCollection(loaded().models().values());
  }

  /**
   * Returns when they were loaded.
   *
   * @return the time
   * @throws ApiException if they are not loaded yet
   */
  public Instant time() throws ApiException {
    return loaded().time();
  }

  /**
   * Returns a model by its name.
   *
   * @param name as requests have it
   * @return empty if there is none
   * @throws ApiException if they are not loaded yet
   */
  public Optional<ServedModel> find(String name) throws ApiException {
    return Optional.ofNullable(loaded().models().get(name));
  }

  /**
   * Returns the first model of a kind.
   *
   * @param kind such as {@code ServedEmbedder.class}
   * @param <T> the kind
   * @return empty if there is none
   * @throws ApiException if they are not loaded yet
   */
  public <T extends ServedModel> Optional<T> first(Class<T> kind) throws ApiException {
    return all().stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (loaded != null) {
      loaded.close();
    }
  }
}
