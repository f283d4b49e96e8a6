package dev.kumiko.server;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.http.Address;
import dev.kumiko.server.http.Limits;
import dev.kumiko.server.model.ModelSource;
import dev.kumiko.server.model.ServedModel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves models over HTTP until it is stopped. */
@Command(
    name = "serve",
    description = "Serve models over HTTP, in the shapes of OpenAI and others.",
    footer = {
      "",
      "GET / is a page to try it with, GET /openapi.json lists all routes.",
      "",
      "Examples:",
      "  kumiko serve",
      "  curl http://localhost:8080/v1/embeddings -H 'Content-Type: application/json' \\",
      "    -d '{\"model\": \"all-MiniLM-L6-v2\", \"input\": \"Steamed ash bends.\"}'",
      "  kumiko serve --model model.safetensors --model rerank=reranker.safetensors",
      "  kumiko serve --host 0.0.0.0 --api-key-file keys.txt"
    })
public final class ServeCommand implements Callable<Integer> {
  /** Browsers send no path, and small letters. */
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s*?#@A-Z]+");

  private final PrintStream err;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "[NAME=]FILE",
      description = "A Kumiko model file, and its name in requests; may be given several times.")
  private List<String> models = List.of();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Where to listen; the default is 127.0.0.1, which other machines cannot reach.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The port; the default is 8080, and 0 takes any free one.")
  private int port = 8080;

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "API keys, one a line; read again when the file changes.")
  private Path keys;

  @Option(names = "--insecure", description = "Let other machines ask without an API key.")
  private boolean insecure;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "The certificate chain, PEM.")
  private Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Its private key, PEM, PKCS #8.")
  private Path privateKey;

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description = "This origin's pages may ask: https://example.org.")
  private String origin;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; the default is the number of processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--precision",
      paramLabel = "WHAT",
      description = "Arithmetic of models with int8 activations: closest (the default) or fastest.")
  private Precision precision = Precision.CLOSEST;

  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      description = "Compute about so many tokens together; the default is 512, 1 computes singly.")
  private int batchTokens = 512;

  @Option(
      names = "--batch-wait",
      paramLabel = "MS",
      description = "A busy server waits so long for a batch to grow; the default is 2.")
  private int batchWait = 2;

  @Option(
      names = "--queue",
      paramLabel = "N",
      description = "So many texts wait at most, others get 429; the default is 8192.")
  private int queue = 8192;

  @Option(
      names = "--max-texts",
      paramLabel = "N",
      description = "Texts of one request; the default is 2048.")
  private int texts = 2048;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "The longest body; the default is 8000000.")
  private long bodyBytes = 8_000_000;

  @Option(
      names = "--token-ids",
      description = "Take token ids of the model's own vocabulary in the place of texts.")
  private boolean tokenIds;

  @Option(names = "--access-log", description = "Print each request as a line of JSON.")
  private boolean accessLog;

  @Option(
      names = "--learn",
      hidden = true,
      description = "Answer a request of its own and end: what the JVM learns makes starts faster.")
  private boolean learn;

  /** A command that tells on standard error. */
  public ServeCommand() {
    this(System.err);
  }

  /**
   * A command.
   *
   * @param err where it tells what it does
   */
  public ServeCommand(PrintStream err) {
    this.err = err;
  }

  /** Has the JVM load what a server needs, beside what the caller does until it is called. */
  public static void takeHeadStart() {
    HeadStart.take();
  }

  @Override
  public Integer call() throws IOException {
    if (learn) {
      port = 0;
    }
    EmbeddingServer server = EmbeddingServer.start(settings());
    if (learn) {
      FirstRequest.ask(server.uri());
      server.close();
      return 0;
    }
    serve(server);
    return 0;
  }

  /** Returns when the process was told to end, and all is answered. */
  private void serve(EmbeddingServer server) {
    CountDownLatch stopped = new CountDownLatch(1);
    Thread stop =
        new Thread(
            () -> {
              err.println("kumiko: stopping; what was accepted is answered");
              server.close();
              stopped.countDown();
            },
            "kumiko-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    for (ServedModel model : server.models()) {
      err.printf("kumiko: %s gives %s, %s%n", model.name(), model.gives(), model.backend());
    }
    err.println("kumiko: ready at " + server.uri());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      server.close();
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private ServerSettings settings() {
    try {
      return checkedSettings();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ServerSettings checkedSettings() {
    if (port < 0 || port > 65_535) {
      throw usage("--port must be from 0 to 65535, not " + port);
    }
    if (host.isBlank()) {
      throw usage("--host is empty");
    }
    if (texts < 1) {
      throw usage("--max-texts must be at least 1, not " + texts);
    }
    if (origin != null && !ORIGIN.matcher(origin).matches()) {
      throw usage(
          "--cors must be as browsers send it, such as https://example.org, not \"%s\""
              .formatted(origin));
    }
    Optional<Address.Tls> tls = Optional.empty();
    if (certificate != null && privateKey != null) {
      tls = Optional.of(new Address.Tls(certificate, privateKey));
    } else if (certificate != null || privateKey != null) {
      throw usage("--tls-cert and --tls-key belong together");
    }
    List<ModelSource> sources = new ArrayList<>();
    models.forEach(model -> sources.add(source(model)));
    return new ServerSettings(
        sources,
        precision,
        new Address(
            host, port, Optional.ofNullable(keys), insecure, tls, Optional.ofNullable(origin)),
        new BatchSettings(threads, batchTokens, Duration.ofMillis(batchWait), queue),
        new Limits(
            bodyBytes,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            16 << 10,
            4096,
            Duration.ofSeconds(30)),
        texts,
        tokenIds,
        accessLog);
  }

  /** A name has no slash, so that a path with an equals sign can be given as {@code ./a=b}. */
  private ModelSource source(String model) {
    int equals = model.indexOf('=');
    boolean named = equals > 0 && model.lastIndexOf('/', equals) < 0;
    String file = model.substring(named ? equals + 1 : 0);
    if (file.isBlank()) {
      throw usage("--model names no file: \"%s\"".formatted(model));
    }
    return new ModelSource(
        named ? Optional.of(model.substring(0, equals)) : Optional.empty(),
        Optional.of(Path.of(file)));
  }
}
