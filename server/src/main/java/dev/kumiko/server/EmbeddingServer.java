package dev.kumiko.server;

import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.cohere.RerankRoutes;
import dev.kumiko.server.http.HttpServer;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.metrics.ServerMetrics;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ServedModel;
import dev.kumiko.server.ollama.OllamaRoutes;
import dev.kumiko.server.openai.OpenAiRoutes;
import dev.kumiko.server.page.PageRoutes;
import dev.kumiko.server.status.StatusRoutes;
import dev.kumiko.server.tei.TeiInfo;
import dev.kumiko.server.tei.TeiRoutes;
import dev.kumiko.server.tei.TeiScores;
import dev.kumiko.server.tei.TeiTokens;
import dev.kumiko.server.text.InputLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** A server with its models, its threads and its port. Safe for concurrent use. */
final class EmbeddingServer implements AutoCloseable {
  private final ModelCatalog models = new ModelCatalog();
  private final Collection<ServedModel> served;
  private final Batcher batcher;
  private final HttpServer http;
  private final StatusRoutes status;

  /**
   * Loads the models, listens and is ready. It listens while it loads: whoever looks sees that it
   * lives, and a port that is in use is told at once.
   *
   * @throws IOException if a model, a key or the port is not to be had
   */
  static EmbeddingServer start(ServerSettings settings) throws IOException {
    return new EmbeddingServer(settings);
  }

  private EmbeddingServer(ServerSettings settings) throws IOException {
    FutureTask<Collection<ServedModel>> loading = new FutureTask<>(() -> load(settings));
    Thread.ofPlatform().name("kumiko-models").daemon().start(loading);
    ServerMetrics metrics = new ServerMetrics();
    batcher = new Batcher(settings.batches(), metrics);
    metrics.watch(batcher);
    status = new StatusRoutes(metrics);
    try {
      http =
          new HttpServer(
              settings.address(),
              settings.limits(),
              routes(settings, models, status),
              batcher,
              (notes, code, nanos) -> {
                metrics.answered(notes, code, nanos);
                status.answered(notes);
              },
              settings.accessLog() ? System.out : null);
    } catch (IOException | RuntimeException | Error e) {
      batcher.close();
      models.close();
      throw e;
    }
    try {
      http.start();
      served = result(loading);
    } catch (IOException | RuntimeException | Error e) {
      close();
      throw e;
    }
    status.ready(served.size());
    served.forEach(metrics::watch);
    metrics.watchJvm();
  }

  private Collection<ServedModel> load(ServerSettings settings) throws IOException {
    return models.load(settings.models(), settings.batches().threads(), settings.precision());
  }

  private static <T> T result(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the models were loaded");
    }
  }

  /** Returns all that a server answers. */
  static List<Route> routes(ServerSettings settings, ModelCatalog models, StatusRoutes status)
      throws IOException {
    List<Route> routes = new ArrayList<>();
    InputLimits inputs = new InputLimits(settings.texts(), settings.tokenIds());
    TeiScores teiScores = new TeiScores(models, inputs);
    routes.addAll(new OpenAiRoutes(models, inputs).all());
    routes.addAll(new RerankRoutes(models, inputs, teiScores).all());
    routes.addAll(new TeiRoutes(models, inputs).all());
    routes.addAll(teiScores.all());
    routes.addAll(new TeiTokens(models, inputs).all());
    routes.addAll(new TeiInfo(models, info(settings)).all());
    routes.addAll(new OllamaRoutes(models, inputs).all());
    routes.addAll(PageRoutes.all());
    routes.addAll(status.all());
    return routes;
  }

  private static TeiInfo.Settings info(ServerSettings settings) throws IOException {
    return new TeiInfo.Settings(
        ServerVersion.kumiko(),
        settings.batches().mostInputs(),
        settings.batches().tokens(),
        settings.texts(),
        settings.batches().threads());
  }

  /** Returns where it listens. */
  URI uri() {
    return http.uri();
  }

  /** Returns what it serves. */
  Collection<ServedModel> models() {
    return served;
  }

  /**
   * Computes for itself as long as nobody asks, for some seconds at most; returns at once.
   *
   * @param faster hears of each model that is computed by other kernels than at the start
   */
  void practise(Consumer<ServedModel> faster) {
    new Practice(served, batcher).begin(faster);
  }

  /** Answers what was accepted, and nothing more. */
  @Override
  public void close() {
    status.stopping();
    http.close();
    batcher.close();
    models.close();
  }
}
