package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.server.batch.BatchSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Servers that have a reason to refuse. */
final class TroubledServers {
  static final String KEY = "a-key-of-this-test-0123456789";

  private TroubledServers() {}

  /** Wants {@link #KEY}. */
  static ServerFixture locked(Path folder) throws IOException {
    Path keys = keyFile(folder.resolve("keys.txt"), KEY + "\n");
    return ServerFixture.start(options -> options.keys = Optional.of(keys));
  }

  /** Writes a file that its owner alone may read. */
  static Path keyFile(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Has a model whose file was written to in place since it was loaded. */
  static ServerFixture changed(Path folder) throws IOException {
    Path model = Files.copy(ServerFixture.EMBEDDER, folder.resolve("changed.safetensors"));
    Path reranker = Files.copy(ServerFixture.RERANKER, folder.resolve("changed-2.safetensors"));
    ServerFixture server =
        ServerFixture.start(
            options ->
                options.models =
                    List.of(
                        ServerFixture.named("tiny", model),
                        ServerFixture.named("rerank", reranker)));
    writeInPlace(model);
    writeInPlace(reranker);
    return server;
  }

  static void writeInPlace(Path model) throws IOException {
    try (FileChannel channel = FileChannel.open(model, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), channel.size() - 4);
    }
    Files.setLastModifiedTime(
        model, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5_000));
  }

  /** Has as much to do as it takes. */
  static final class Busy implements AutoCloseable {
    final ServerFixture server;
    private final CompletableFuture<HttpResponse<String>> work;

    Busy() throws IOException, InterruptedException {
      this(Duration.ofMillis(50));
    }

    Busy(Duration stop) throws IOException, InterruptedException {
      server =
          ServerFixture.start(
              options -> {
                options.batches = new BatchSettings(1, 512, Duration.ZERO, 1);
                options.stop = stop;
              });
      Asker asker = Asker.http1(server.uri());
      String body =
          dev.kumiko.format.Json.text(
              Map.of("input", Collections.nCopies(2000, "a ".repeat(500)), "model", "tiny"));
      work =
          asker
              .client()
              .sendAsync(asker.request("POST", "/v1/embeddings", body), BodyHandlers.ofString());
      await(server, 100, 2000);
    }

    /** Gives the work up, and with it the connection. */
    void giveUp() {
      assertTrue(work.cancel(true), "the work was done too soon");
    }

    @Override
    public void close() {
      work.cancel(true);
      server.close();
    }
  }

  /** Waits until so many inputs wait. */
  static void await(ServerFixture server, int least, int most)
      throws IOException, InterruptedException {
    for (int i = 0; i < 1000; i++) {
      int waiting = waiting(server);
      if (waiting >= least && waiting <= most) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("there wait " + waiting(server) + " inputs");
  }

  private static int waiting(ServerFixture server) throws IOException, InterruptedException {
    String metrics = server.asker().get("/metrics").body();
    return metrics
        .lines()
        .filter(line -> line.startsWith("kumiko_queue_inputs "))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }
}
