package dev.kumiko.server;

import dev.kumiko.server.model.ServedModel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/** Serves models over HTTP until it is stopped. */
public final class ServeCommand implements Callable<Integer> {
  private final PrintStream err;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
  private final ServeOptions options;

  private ServeCommand(PrintStream err) {
    this.err = err;
    spec.name("serve");
    spec.usageMessage()
        .description("Serve models over HTTP, in the shapes of OpenAI and others.")
        .footer(
            "",
            "GET / is a page to try it with, GET /openapi.json lists all routes.",
            "",
            "Examples:",
            "  kumiko serve",
            "  curl http://localhost:8080/v1/embeddings -H 'Content-Type: application/json' \\",
            "    -d '{\"model\": \"all-MiniLM-L6-v2\", \"input\": \"Steamed ash bends.\"}'",
            "  kumiko serve --model model.safetensors --model rerank=reranker.safetensors",
            "  kumiko serve --host 0.0.0.0 --api-key-file keys.txt");
    options = new ServeOptions(spec);
  }

  /**
   * Describes the command.
   *
   * @param err where it tells what it does
   * @return the command with its options, to be a command line or part of one
   */
  public static CommandSpec describe(PrintStream err) {
    return new ServeCommand(err).spec;
  }

  /** Has the JVM load what a server needs, beside what the caller does until it is called. */
  public static void takeHeadStart() {
    HeadStart.take();
  }

  @Override
  public Integer call() throws IOException {
    EmbeddingServer server = EmbeddingServer.start(options.settings());
    if (options.learns()) {
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
    server.practise(
        model -> err.printf("kumiko: %s is computed by %s now%n", model.name(), model.backend()));
    try {
      stopped.await();
    } catch (InterruptedException e) {
      server.close();
    }
  }
}
