package dev.kumiko.tools;

import dev.kumiko.server.ServeCommand;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: what all commands have in common. */
final class Kumiko {
  private static final List<String> COMMANDS =
      List.of(
          "embed",
          "similar",
          "rerank",
          "serve",
          "mine",
          "pairs",
          "tokenize",
          "inspect",
          "convert",
          "quantize",
          "prune",
          "compress",
          "train",
          "export",
          "distil",
          "generate",
          "eval",
          "kernels",
          "bench");

  private final OptionSpec debug =
      everywhere("--debug").description("Print the stack trace of a failure.").build();

  private Kumiko() {}

  /**
   * Runs a command line.
   *
   * @return the exit code: 0 done, 1 failed, 2 the command line is wrong
   */
  static int run(Streams outer, String... arguments) {
    Streams streams =
        new Streams(
            outer.in(),
            new BufferedOutputStream(new StandardOutput(outer.out()), 1 << 16),
            outer.err(),
            outer.terminals());
    ErrorReport errors = new ErrorReport(streams);
    Kumiko options = new Kumiko();
    try {
      int code = commandLine(options, streams, errors, arguments).execute(arguments);
      if (code == CommandLine.ExitCode.OK) {
        streams.out().flush();
      }
      return code;
    } catch (IOException | OutOfMemoryError | StackOverflowError e) {
      return errors.failure(e, options.debug.getValue());
    }
  }

  /** Without annotations, whose reading would take as long as some texts take to embed. */
  private CommandSpec describe() {
    CommandSpec spec =
        CommandSpec.create()
            .name("kumiko")
            .scopeType(ScopeType.INHERIT)
            .versionProvider(new Version())
            .addOption(
                everywhere("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help message and exit.")
                    .build())
            .addOption(
                everywhere("-V", "--version")
                    .versionHelp(true)
                    .description("Print version information and exit.")
                    .build())
            .addOption(debug);
    spec.usageMessage()
        .description("Text encoders in pure Java: text in, vectors out.")
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "Examples:",
            "  kumiko embed \"A purlin carries the rafters of a roof.\"",
            "  kumiko similar \"wooden roof\" \"rafters and purlins\" \"a fruit salad\"",
            "  kumiko embed --help",
            "",
            "Exit codes: 0 done, 1 failed, 2 the command line is wrong.",
            "KUMIKO_JAVA_OPTS has further options for java.");
    return spec;
  }

  /** A flag that the command and all below it have. */
  private static OptionSpec.Builder everywhere(String... names) {
    return OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
        .type(boolean.class)
        .initialValue(false)
        .scopeType(ScopeType.INHERIT);
  }

  private static CommandLine commandLine(
      Kumiko options, Streams streams, ErrorReport errors, String... arguments) {
    CommandLine line = new CommandLine(options.describe());
    // What the other commands look like takes longer to find out than some texts take to embed.
    boolean named = arguments.length > 0 && COMMANDS.contains(arguments[0]);
    for (String name : named ? List.of(arguments[0]) : COMMANDS) {
      line.addSubcommand(command(name, streams));
    }
    // A text such as "@home" is a text, not a file of arguments.
    line.setExpandAtFiles(false);
    Choice.registerAll(line);
    line.registerConverter(Path.class, Kumiko::path);
    line.setOut(new PrintWriter(streams.writer(), true));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setUnmatchedArgumentsAllowed(true);
    line.setExecutionStrategy(Kumiko::execute);
    line.setParameterExceptionHandler((e, args) -> errors.usage(e));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> errors.failure(e, options.debug.getValue()));
    return line;
  }

  /**
   * Refuses the first word that is not understood. picocli itself would name all of them, in time
   * and memory that grow with the square of their number.
   */
  private static int execute(ParseResult parsed) {
    for (ParseResult level = parsed; level != null; level = level.subcommand()) {
      List<String> unmatched = level.unmatched();
      if (!unmatched.isEmpty()) {
        throw new UnmatchedArgumentException(
            level.commandSpec().commandLine(), List.of(unmatched.getFirst()));
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Where the locale's encoding has no such character, there is no such path. */
  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'%s' is no path: %s".formatted(name, e.getReason()));
    }
  }

  private static Object command(String name, Streams streams) {
    return switch (name) {
      case "embed" -> new EmbedCommand(streams);
      case "similar" -> new SimilarCommand(streams);
      case "rerank" -> new RerankCommand(streams);
      case "serve" -> ServeCommand.describe(streams.err());
      case "mine" -> new MineCommand(streams);
      case "pairs" -> new PairsCommand(streams);
      case "tokenize" -> new TokenizeCommand(streams);
      case "inspect" -> new InspectCommand(streams);
      case "convert" -> new ConvertCommand(streams);
      case "quantize" -> new QuantizeCommand(streams);
      case "prune" -> new PruneCommand(streams);
      case "compress" -> new CompressCommand(streams);
      case "train" -> new TrainCommand(streams);
      case "export" -> new ExportCommand(streams);
      case "distil" -> new DistilCommand(streams);
      case "generate" -> new GenerateCommand(streams);
      case "eval" ->
          new CommandLine(new EvalCommand())
              .addSubcommand(new StsCommand(streams))
              .addSubcommand(new BitextCommand(streams))
              .addSubcommand(new RetrievalCommand(streams))
              .addSubcommand(new RecallCommand(streams))
              .addSubcommand(new FrontierCommand(streams));
      case "kernels" -> new KernelsCommand(streams);
      case "bench" -> new BenchCommand();
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }
}
