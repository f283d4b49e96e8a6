package dev.kumiko.server;

import dev.kumiko.server.batch.BatchListener;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.batch.Batcher;
import dev.kumiko.server.batch.Computation;
import dev.kumiko.server.http.Address;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.HttpServer;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.openai.OpenAiErrors;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A server that computes an input, on one thread, only when it gets leave to. */
final class SlowServer implements AutoCloseable {
  /** Takes {@code {"input": ["a", ...]}} and gives the number of inputs. */
  static final String ROUTE = "/slow";

  /** Answers at once. */
  static final String PING = "/ping";

  /** Fails after half an answer: of 10 bytes, or of more than is kept back. */
  static final String HALF = "/half/";

  final Semaphore leave = new Semaphore(0);
  final AtomicInteger begun = new AtomicInteger();
  final AtomicInteger computed = new AtomicInteger();

  /** Answers with 20 MB. */
  static final String LARGE = "/large";

  private final Batcher batcher;
  private final HttpServer http;
  private final URI uri;

  SlowServer(Optional<Address.Tls> tls) throws IOException {
    this(options -> options.tls = tls);
  }

  /** Of the options, those of connections count. */
  SlowServer(Consumer<ServerFixture.Options> change) throws IOException {
    ServerFixture.Options options = new ServerFixture.Options();
    change.accept(options);
    batcher = new Batcher(new BatchSettings(1, 1, Duration.ZERO, 100), BatchListener.NONE);
    http =
        new HttpServer(
            new Address("127.0.0.1", 0, Optional.empty(), false, options.tls, Optional.empty()),
            options.limits(),
            List.of(
                new Route("POST", ROUTE, OpenAiErrors.SHAPE, this::answer),
                new Route("GET", PING, OpenAiErrors.SHAPE, call -> text("pong")),
                new Route("GET", LARGE, OpenAiErrors.SHAPE, call -> large()),
                new Route("GET", HALF + 10, OpenAiErrors.SHAPE, call -> half(10)),
                new Route("GET", HALF + 200_000, OpenAiErrors.SHAPE, call -> half(200_000))),
            batcher,
            (notes, status, nanos) -> {},
            options.log);
    http.start();
    uri = http.uri();
  }

  /** Waits for leave. */
  private record Slow(SlowServer server) implements Computation<String, String> {
    @Override
    public List<String> compute(List<String> inputs) {
      server.begun.addAndGet(inputs.size());
      if (inputs.contains("fail")) {
        throw new IllegalStateException("at secret.Inside(Inside.java:7)");
      }
      if (inputs.contains("memory")) {
        throw new OutOfMemoryError("Java heap space");
      }
      server.leave.acquireUninterruptibly(inputs.size());
      server.computed.addAndGet(inputs.size());
      return inputs;
    }

    @Override
    public int cost(String input) {
      return 1;
    }
  }

  private Answer answer(Call call) throws ApiException, InterruptedException {
    List<String> inputs =
        new dev.kumiko.server.text.InputLimits(1000, false)
            .texts("input", new Fields(call.body()).get("input"));
    int count = call.compute(new Slow(this), inputs).size();
    return text(Integer.toString(count));
  }

  private static Answer text(String text) {
    return Answer.bytes("text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer large() {
    return Answer.bytes("application/octet-stream", new byte[20_000_000]);
  }

  private static Answer half(int bytes) {
    return new Answer(
        200,
        "text/plain",
        Map.of(),
        out -> {
          out.write(new byte[bytes]);
          throw new IllegalStateException("at secret.Inside(Inside.java:7)");
        });
  }

  /** Returns a body with so many inputs. */
  static String body(int inputs) {
    return dev.kumiko.format.Json.text(Map.of("input", java.util.Collections.nCopies(inputs, "a")));
  }

  /** Waits until an input is computed and so many others wait. */
  void await(int waiting) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      if (batcher.waiting() == waiting) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("there wait " + batcher.waiting() + " inputs");
  }

  /** Waits until so many inputs were begun. */
  void awaitBegun(int inputs) throws InterruptedException {
    for (int i = 0; i < 1000 && begun.get() < inputs; i++) {
      Thread.sleep(10);
    }
    if (begun.get() < inputs) {
      throw new AssertionError(begun.get() + " inputs were begun");
    }
  }

  URI uri() {
    return uri;
  }

  /** Stops, as when the process is told to end. */
  void stop() {
    http.close();
    batcher.close();
  }

  @Override
  public void close() {
    leave.release(1_000_000);
    stop();
  }
}
