package dev.kumiko.server;

import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.cohere.RerankRoutes;
import dev.kumiko.server.http.HttpServer;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.metrics.ServerMetrics;
import dev.kumiko.server.model.ModelCatalog;
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
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A server with its models, its threads and its port. Safe for concurrent use. */
final class EmbeddingServer implements AutoCloseable {
  private final ModelCatalog models;
  private final Batcher batcher;
  private final HttpServer http;
  private final StatusRoutes status;

  /**
   * Loads the models, listens and is ready.
   *
   * @throws IOException if a model, a key or the port is not to be had
   */
  static EmbeddingServer start(ServerSettings settings) throws IOException {
    ModelCatalog models =
        ModelCatalog.load(settings.models(), settings.batches().threads(), settings.precision());
    try {
      return new EmbeddingServer(settings, models);
    } catch (IOException | RuntimeException | Error e) {
      models.close();
      throw e;
    }
  }

  private EmbeddingServer(ServerSettings settings, ModelCatalog models) throws IOException {
    this.models = models;
    ServerMetrics metrics = new ServerMetrics();
    this.batcher = new Batcher(settings.batches(), metrics);
    metrics.watch(batcher);
    this.status = new StatusRoutes(metrics);
    List<Route> routes = routes(settings, models, status);
    try {
      this.http =
          new HttpServer(
              settings.address(),
              settings.limits(),
              routes,
              batcher,
              metrics,
              settings.accessLog() ? System.out : null);
      http.start();
    } catch (IOException | RuntimeException | Error e) {
      batcher.close();
      throw e;
    }
    status.ready(true);
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
  ModelCatalog models() {
    return models;
  }

  /** Answers what was accepted, and nothing more. */
  @Override
  public void close() {
    status.ready(false);
    http.close();
    batcher.close();
    models.close();
  }
}
