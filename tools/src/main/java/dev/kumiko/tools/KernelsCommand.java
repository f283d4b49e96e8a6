package dev.kumiko.tools;

import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.QuantizedLevel;
import dev.kumiko.kernel.machine.KernelDump;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the kernels that Java assembles. */
@Command(
    name = "kernels",
    description = "Show which kernels compute here, and those that Java assembles itself.",
    footer = {"", "Example:", "  kumiko kernels --dump kernels"})
final class KernelsCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--dump",
      paramLabel = "FOLDER",
      description = "Write the bytes of each assembled kernel, and its listing, for an audit.")
  private Path dump;

  KernelsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Writer out = streams.writer();
    Kernels kernels = KernelChoice.kernels();
    out.write("kernels: " + kernels.name() + "\n");
    out.write(
        "machine code: "
            + kernels.quantizedLevel().map(KernelsCommand::state).orElse("off")
            + "\n");
    for (Map.Entry<String, Integer> program : KernelDump.sizes().entrySet()) {
      out.write("  %s: %,d bytes\n".formatted(program.getKey(), program.getValue()));
    }
    if (dump != null) {
      KernelDump.write(dump);
    }
    out.flush();
    return 0;
  }

  private static String state(QuantizedLevel level) {
    return level.missing().isEmpty() ? level.tile() : "none: " + level.missing();
  }
}
