package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.bench.report.Table;
import dev.kumiko.server.Main;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The server under load, beside the library without a server and beside LangChain4j's model behind
 * a route of Jetty. Clients run in this process; processor time is counted on both sides.
 */
final class ServerRates {
  private static final Duration WARM_UP = Duration.ofSeconds(25);
  private static final Duration BRIEF = Duration.ofSeconds(20);
  private static final int CONNECTIONS = 64;
  private static final int RUDE = 1_000;

  /** Of the rate that as many connections reach when they ask as soon as they can. */
  private static final double OPEN_SHARE = 0.6;

  private final Path log;
  private final List<String> more;
  private final PrintStream progress;
  private final Duration time;
  private final List<List<String>> rows = new ArrayList<>();
  private double library;

  private ServerRates(Path log, List<String> more, PrintStream progress, Duration time) {
    this.log = log;
    this.more = more;
    this.progress = progress;
    this.time = time;
  }

  /** Who serves. */
  private record Served(String name, List<String> flags, Class<?> main, List<String> arguments) {}

  /**
   * Measures everything.
   *
   * @param full a minute for each row rather than twenty seconds
   */
  static Table measure(Path log, List<String> more, PrintStream progress, boolean full)
      throws IOException {
    ServerRates rates = new ServerRates(log, more, progress, full ? Duration.ofSeconds(60) : BRIEF);
    try {
      return rates.table();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Table table() throws IOException, InterruptedException {
    library();
    List<String> flags = EngineKind.KUMIKO_INT8.jvmFlags(more);
    Served kumiko = new Served("kumiko serve", flags, Main.class, List.of());
    try (ServedProcess server = start(kumiko)) {
      for (int connections : List.of(1, 8, CONNECTIONS, 256)) {
        closed(kumiko, server, Workload.B, connections);
      }
      besideRude(kumiko, server);
      double rate = closed(kumiko, server, Workload.M, CONNECTIONS);
      open(kumiko, server, Workload.M, OPEN_SHARE * rate);
    }
    Served single =
        new Served(
            "kumiko serve --batch-tokens 1", flags, Main.class, List.of("--batch-tokens", "1"));
    try (ServedProcess server = start(single)) {
      closed(single, server, Workload.B, CONNECTIONS);
    }
    List<String> nativeFlags = EngineKind.LANGCHAIN4J_INT8.jvmFlags(List.of());
    Served peer =
        new Served(
            "LangChain4j's model, int8", nativeFlags, LangChain4jServer.class, List.of("int8"));
    try (ServedProcess server = start(peer)) {
      for (int connections : List.of(1, CONNECTIONS)) {
        closed(peer, server, Workload.B, connections);
      }
      closed(peer, server, Workload.M, CONNECTIONS);
    }
    return new Table(
        "A server under load, one text a request, the default model in int8",
        List.of(
            "server",
            "texts",
            "load",
            "texts/s",
            "p50 ms",
            "p99 ms",
            "CPU ms a text",
            "of the library",
            "clients' CPU ms",
            "live ms",
            "heap MB",
            "failures"),
        rows,
        "Texts: sentences of natural lengths, or 9 of 10 of 8 to 24 tokens and 1 of 10 of 256. Closed: as"
            + " soon as the answer is there; open: at random times (Poisson), and what waits for a free"
            + " connection waits on the clock. CPU is the processor time of the server's process for each"
            + " text; of the library: its own batch of 256 sentences, by the same measure, divided by that."
            + " Rude: a third sends a byte a second, a third half a head, a third breaks off and comes again."
            + " LangChain4j's model reads 128 tokens of a text at most."
            + " Live: the longest answer of /health/live, asked ten times a second meanwhile."
            + " Heap: what a collection leaves, before and after.");
  }

  private ServedProcess start(Served served) throws IOException, InterruptedException {
    progress.println("kumiko: " + served.name());
    ServedProcess server =
        new ServedProcess(
            log, served.flags(), served.main(), served.arguments().toArray(String[]::new));
    new HttpLoad(server.address(), Workload.B.texts()).closed(CONNECTIONS, Duration.ZERO, WARM_UP);
    return server;
  }

  private double closed(Served served, ServedProcess server, Workload texts, int connections)
      throws IOException, InterruptedException {
    HttpLoad load = new HttpLoad(server.address(), texts.texts());
    return row(
        served,
        server,
        texts,
        connections + " closed",
        () -> load.closed(connections, Duration.ofSeconds(2), time));
  }

  private void besideRude(Served served, ServedProcess server)
      throws IOException, InterruptedException {
    HttpLoad load = new HttpLoad(server.address(), Workload.B.texts());
    RudeClients rude = new RudeClients(server.address(), RUDE);
    try {
      row(
          served,
          server,
          Workload.B,
          "%d closed beside %d rude".formatted(CONNECTIONS, RUDE),
          () -> load.closed(CONNECTIONS, Duration.ofSeconds(2), time));
    } finally {
      rude.end();
    }
  }

  private void open(Served served, ServedProcess server, Workload texts, double rate)
      throws IOException, InterruptedException {
    HttpLoad load = new HttpLoad(server.address(), texts.texts());
    row(
        served,
        server,
        texts,
        "open, %d %%".formatted(Math.round(100 * OPEN_SHARE)),
        () -> load.open(CONNECTIONS, rate, Duration.ofSeconds(2), time));
  }

  /** A load that is put on a server. */
  private interface Loading {
    HttpLoad.Result run() throws InterruptedException;
  }

  private double row(
      Served served, ServedProcess server, Workload texts, String load, Loading loading)
      throws IOException, InterruptedException {
    long liveBegun = server.liveBytes();
    Health health = new Health(server);
    double serverBegun = server.cpuSeconds();
    double ownBegun = ownCpuSeconds();
    long begun = System.nanoTime();
    HttpLoad.Result result = loading.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    double serverCpu = server.cpuSeconds() - serverBegun;
    double ownCpu = ownCpuSeconds() - ownBegun;
    double worst = health.worstMillis();
    if (result.rate() == 0) {
      throw new IOException(served.name() + " did not answer; " + log + " says why");
    }
    // The processor time includes the two seconds before counting, at the same rate.
    double texted = result.rate() * seconds;
    double cpuMillis = 1e3 * serverCpu / texted;
    rows.add(
        List.of(
            served.name(),
            texts == Workload.B ? "sentences" : "mixed",
            load,
            Numbers.plain(result.rate()),
            Numbers.plain(result.median()),
            Numbers.plain(result.slowest()),
            Numbers.plain(cpuMillis),
            texts == Workload.B ? Numbers.plain(library / cpuMillis) : "-",
            Numbers.plain(1e3 * ownCpu / texted),
            Numbers.plain(worst),
            Numbers.plain(liveBegun / 1e6) + " to " + Numbers.plain(server.liveBytes() / 1e6),
            Long.toString(result.failures())));
    progress.println("kumiko: " + String.join(", ", rows.getLast()));
    return result.rate();
  }

  private static double ownCpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** The library by itself, in a process of its own. */
  private void library() throws IOException {
    progress.println("kumiko: the library without a server");
    String line =
        ChildJvm.run(
                log,
                EngineKind.KUMIKO_INT8.jvmFlags(more),
                System.getProperty("java.class.path"),
                ServerRates.class,
                Long.toString(time.toSeconds()))
            .lines()
            .getLast();
    String[] values = line.split(" ", -1);
    library = Double.parseDouble(values[1]);
    rows.add(
        List.of(
            "the library",
            "sentences",
            "embedAll",
            Numbers.plain(Double.parseDouble(values[0])),
            "-",
            "-",
            Numbers.plain(library),
            "1",
            "-",
            "-",
            "-",
            "0"));
  }

  /** Takes a number of seconds; prints texts a second and milliseconds of processor a text. */
  public static void main(String[] args) throws IOException {
    Duration time = Duration.ofSeconds(Long.parseLong(args[0]));
    List<String> texts = Workload.B.texts();
    try (Embedder embedder = Embedder.loadDefault()) {
      embedFor(embedder, texts, WARM_UP);
      double cpu = ownCpuSeconds();
      long begun = System.nanoTime();
      long count = embedFor(embedder, texts, time);
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          Locale.ROOT, "%f %f%n", count / seconds, 1e3 * (ownCpuSeconds() - cpu) / count);
    }
  }

  private static long embedFor(Embedder embedder, List<String> texts, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    long count = 0;
    while (System.nanoTime() < end) {
      count += embedder.embedAll(texts).size();
    }
    return count;
  }

  /** Asks how the server is, ten times a second. */
  private static final class Health {
    private final Thread thread;
    private volatile long worst;

    Health(ServedProcess server) {
      thread =
          Thread.startVirtualThread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  long begun = System.nanoTime();
                  boolean lives = server.lives();
                  if (Thread.currentThread().isInterrupted()) {
                    return; // which has broken off what it asked
                  }
                  worst = Math.max(worst, lives ? System.nanoTime() - begun : Long.MAX_VALUE);
                  try {
                    Thread.sleep(100);
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
    }

    double worstMillis() throws InterruptedException {
      thread.interrupt();
      thread.join();
      return worst / 1e6;
    }
  }
}
