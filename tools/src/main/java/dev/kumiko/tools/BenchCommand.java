package dev.kumiko.tools;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands for the benchmark, which is a program of its own that the launcher starts. */
@Command(
    name = "bench",
    description = "Measure Kumiko beside other engines on this machine.",
    footer = {"", "Examples, in a source tree:", "  kumiko bench", "  kumiko bench --help"})
final class BenchCommand implements Callable<Integer> {
  @Parameters(hidden = true)
  private List<String> ignored = List.of();

  @Override
  public Integer call() throws CommandFailedException {
    throw new CommandFailedException(
        "bench is not part of this JAR; run ./kumiko bench in Kumiko's source tree");
  }
}
