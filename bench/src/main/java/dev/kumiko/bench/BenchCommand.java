package dev.kumiko.bench;

import dev.kumiko.bench.report.Table;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Runs a plan and writes its report. */
@Command(
    name = "kumiko bench",
    description = {
      "Measure Kumiko beside ONNX Runtime and LangChain4j on this machine.",
      "",
      "Every engine runs in processes of its own, and its vectors are checked before its time"
          + " counts. Nothing else should run meanwhile."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  /** What can be measured. */
  enum Part {
    SPEED,
    KERNELS,
    COLLECTORS,
    SHAPES,
    SIZES,
    START,
    SCALING,
    MINING,
    LOAD,
    SERVER
  }

  /** Too slow for a short run. */
  private static final Set<Part> LONG =
      EnumSet.of(Part.COLLECTORS, Part.SHAPES, Part.SIZES, Part.MINING, Part.LOAD, Part.SERVER);

  private final PrintStream out;
  private final PrintStream err;

  @Option(
      names = "--full",
      description = "Everything, for about an hour, instead of what fits into five minutes.")
  private boolean full;

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Of the parts speed, kernels, collectors, shapes, sizes, start, scaling, mining, load and"
              + " server, these; the default is all but collectors, shapes, sizes, mining, load and"
              + " server, with --full all.")
  private Set<Part> only;

  @Option(
      names = "--points",
      paramLabel = "POINT",
      split = ",",
      description =
          "Measure the speed of these, such as kumiko-int8/b/2: engine, workload, threads.")
  private List<Point> points;

  @Option(
      names = "--flags",
      paramLabel = "FLAGS",
      description =
          "Further JVM flags, in one word, such as \"-XX:UseAVX=2 -XX:+UseG1GC\": for Kumiko's"
              + " processes alone.")
  private String flags = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      description = "Where the report is written; the default is kumiko-bench.")
  private Path output = Path.of("kumiko-bench");

  private BenchCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs a command line.
   *
   * @return the exit code: 0 done, 1 failed, 2 the command line is wrong
   */
  static int run(PrintStream out, PrintStream err, String... arguments) {
    return commandLine(out, err).execute(arguments);
  }

  /** Returns what reads the command's options. */
  static CommandLine commandLine(PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new BenchCommand(out, err));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Point.class, BenchCommand::point);
    line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler(
        (e, args) -> {
          err.println("kumiko: " + e.getMessage() + " (see kumiko bench --help)");
          return CommandLine.ExitCode.USAGE;
        });
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          err.println("kumiko: " + (e instanceof IOException ? e.getMessage() : e));
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line;
  }

  private static Point point(String text) {
    try {
      return Point.of(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  @Override
  public Integer call() throws IOException {
    Plan standard = full ? Plan.full() : Plan.quick();
    Plan plan = points == null ? standard : standard.measuring(points);
    List<String> more = flags();
    if (only == null) {
      only = full ? EnumSet.allOf(Part.class) : EnumSet.complementOf(EnumSet.copyOf(LONG));
    }
    Findings findings = new Findings(output, more);
    Path logs = Files.createDirectories(output.resolve("logs"));
    try (WorkFolder folder = new WorkFolder()) {
      err.println("kumiko: preparing the models");
      Models models = Models.prepare(folder.path());
      if (only.contains(Part.SPEED)) {
        measure(plan, models, logs, findings);
      }
      if (only.contains(Part.KERNELS)) {
        err.println("kumiko: linear layers");
        findings.add(OtherTables.kernels(KernelRates.run(log(logs, "kernels"), more)));
        findings.add(HalfRates.table(HalfRates.run(log(logs, "half"), more)));
      }
      if (only.contains(Part.COLLECTORS)) {
        findings.add(CollectorRates.measure(log(logs, "collectors"), more, err));
      }
      if (only.contains(Part.START)) {
        err.println("kumiko: starts");
        findings.add(
            OtherTables.starts(
                ColdStart.measure(models, plan.starting(), plan.starts(), log(logs, "starts")),
                plan.starts()));
      }
      if (only.contains(Part.SCALING) && !plan.sentences().isEmpty()) {
        err.println("kumiko: many sentences");
        findings.add(
            OtherTables.scaling(Scaling.run(models, plan.sentences(), log(logs, "scaling"), more)));
      }
      if (only.contains(Part.SIZES)) {
        sizes(models, log(logs, "sizes"), more, findings);
      }
    }
    if (only.contains(Part.SHAPES)) {
      for (Table table : ShapeRates.measure(log(logs, "shapes"), more, err)) {
        findings.add(table);
      }
      findings.add(DepthRates.measure(log(logs, "depth"), more, err));
    }
    if (only.contains(Part.MINING)) {
      err.println("kumiko: mining translations");
      findings.add(Mining.measure(log(logs, "mining"), more));
    }
    if (only.contains(Part.LOAD)) {
      findings.add(Load.measure(log(logs, "load"), more, err));
    }
    if (only.contains(Part.SERVER)) {
      findings.add(ServerRates.measure(log(logs, "server"), more, err, full));
    }
    out.print(findings.report().text());
    err.println("kumiko: wrote " + output.resolve("report.html") + ", report.md, report.csv");
    return CommandLine.ExitCode.OK;
  }

  private void sizes(Models models, Path log, List<String> more, Findings findings)
      throws IOException {
    findings.add(SizeFiles.measure(models, log, more, err));
    SizeModels sizes = SizeModels.prepare(models, err);
    for (Table table : SizeRates.measure(sizes, log, more, err)) {
      findings.add(table);
    }
    findings.add(LayerRates.measure(SizeModels.SHAPES, log, more, err));
    err.println("kumiko: what a token costs");
    List<SizeCosts.Cost> costs = SizeCosts.measure(log, more);
    findings.add(CostTables.table(costs));
    findings.add(CostTables.curves(costs));
  }

  private List<String> flags() {
    return flags.isBlank() ? List.of() : List.of(flags.strip().split("\\s+", -1));
  }

  private static Path log(Path logs, String name) {
    return logs.resolve(name + ".txt");
  }

  private void measure(Plan plan, Models models, Path logs, Findings findings) throws IOException {
    Set<Workload> workloads = new TreeSet<>();
    plan.points().forEach(point -> workloads.add(point.workload()));
    Reference.prepare(models, workloads);
    SpeedRun run = new SpeedRun(plan, models, logs, flags());
    int all = plan.points().size();
    int done = 0;
    long start = System.nanoTime();
    for (Point point : plan.points()) {
      Measurement result = run.measure(point);
      findings.add(result);
      done++;
      double seconds = (System.nanoTime() - start) / 1e9;
      err.printf(
          Locale.ROOT,
          "kumiko: %d of %d, about %.0f s left: %s takes %s ms%n",
          done,
          all,
          seconds / done * (all - done),
          point,
          Numbers.withError(result.millis(), result.error()));
    }
  }
}
