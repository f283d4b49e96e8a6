package dev.kumiko.server;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.http.Address;
import dev.kumiko.server.http.Limits;
import dev.kumiko.server.model.ModelSource;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A server on a free port, and models for it. */
final class ServerFixture implements AutoCloseable {
  /** Model files that no test changes; made once. */
  private static final Path FOLDER = folder();

  static final Path EMBEDDER = FOLDER.resolve("embedder.safetensors");
  static final Path OTHER = FOLDER.resolve("other.safetensors");
  static final Path RERANKER = FOLDER.resolve("reranker.safetensors");
  static final Path CLASSIFIER = FOLDER.resolve("classifier.safetensors");

  private final EmbeddingServer server;
  private final Asker asker;

  /** What a server is started with, to be changed. */
  static final class Options {
    List<ModelSource> models =
        List.of(
            named("tiny", EMBEDDER),
            named("other", OTHER),
            named("rerank", RERANKER),
            named("labels", CLASSIFIER));
    String host = "127.0.0.1";
    int port;
    Optional<Path> keys = Optional.empty();
    Optional<Address.Tls> tls = Optional.empty();
    Optional<String> origin = Optional.empty();
    BatchSettings batches = new BatchSettings(2, 512, Duration.ofMillis(2), 8192);
    long bodyBytes = 8_000_000;
    Duration bodyTime = Duration.ofSeconds(20);
    Duration idle = Duration.ofSeconds(30);
    int connections = 256;

    /** Idle connections of clients that cannot be closed are not waited for. */
    Duration stop = Duration.ofMillis(50);

    int texts = 2048;
    boolean tokenIds;

    /** Of a {@link SlowServer}; null for none. */
    PrintStream log;

    Limits limits() {
      return new Limits(bodyBytes, bodyTime, idle, 16 << 10, connections, stop);
    }
  }

  private ServerFixture(EmbeddingServer server) {
    this.server = server;
    this.asker = Asker.http1(server.uri());
  }

  /** Starts with four models and plain HTTP. */
  static ServerFixture start() throws IOException {
    return start(options -> {});
  }

  static ServerFixture start(Consumer<Options> change) throws IOException {
    Options options = new Options();
    change.accept(options);
    return new ServerFixture(EmbeddingServer.start(settings(options)));
  }

  static ServerSettings settings(Options options) {
    return new ServerSettings(
        options.models,
        Precision.CLOSEST,
        new Address(options.host, options.port, options.keys, false, options.tls, options.origin),
        options.batches,
        options.limits(),
        options.texts,
        options.tokenIds,
        false);
  }

  static ModelSource named(String name, Path file) {
    return new ModelSource(Optional.of(name), Optional.of(file));
  }

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("kumiko-server-test");
      folder.toFile().deleteOnExit();
      TinyModels.embedder(folder.resolve("embedder.safetensors"), "tiny-embedder", 1);
      TinyModels.embedderOfAnyLength(folder.resolve("other.safetensors"), "other-embedder", 2);
      TinyModels.reranker(folder.resolve("reranker.safetensors"), "tiny-reranker", 3);
      TinyModels.classifier(folder.resolve("classifier.safetensors"), "tiny-classifier", 4);
      try (var files = Files.list(folder)) {
        files.forEach(file -> file.toFile().deleteOnExit());
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return asker.server();
  }

  /** Asks over HTTP/1.1. */
  Asker asker() {
    return asker;
  }

  @Override
  public void close() {
    asker.client().shutdownNow(); // its idle connections would be waited for
    server.close();
  }
}
