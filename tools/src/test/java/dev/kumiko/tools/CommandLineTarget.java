package dev.kumiko.tools;

import dev.kumiko.tools.fuzz.Target;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Command lines and what they read from standard input. An input is a line of arguments with tabs
 * between them, and the rest.
 */
public final class CommandLineTarget implements Target {
  /** What begins like this would write files, or work for minutes. */
  private static final List<String> NOT_RUN = List.of("-o", "--o", "--debug", "--thr");

  private static final Set<String> COMMANDS =
      Set.of("embed", "similar", "tokenize", "inspect", "rerank", "eval");

  @Override
  public String name() {
    return "command-line";
  }

  @Override
  public List<byte[]> seeds() {
    return List.of(
        seed("tokenize\n", "one\ntwo é\n\nlast"),
        seed("tokenize\t--prompt\tquery\ta text\n", ""),
        seed("embed\t--format\tjson\n", "one\r\ntwo"),
        seed("embed\t--truncate-dim\t8\t--max-tokens\t5\tsome text\n", ""),
        seed("embed\t--format=npy\n", "one\n"),
        seed("similar\tone\ttwo\tthree\n", ""),
        seed("inspect\n", ""),
        seed("rerank\tquery\n", "one\ntwo"),
        seed("eval\tsts\tabsent.csv\n", ""),
        seed("--help\n", ""));
  }

  private static byte[] seed(String arguments, String input) {
    return (arguments + input).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void read(byte[] input) {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String line = new String(input, 0, end, StandardCharsets.UTF_8);
    List<String> arguments = Arrays.asList(line.split("\t", -1));
    if (arguments.stream().anyMatch(word -> NOT_RUN.stream().anyMatch(word::startsWith))) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Outcome outcome = Outcome.of(rest, withModel(arguments));
    boolean clean =
        outcome.code >= 0
            && outcome.code <= 2
            && !outcome.err.contains("fault in Kumiko")
            && !outcome.err.contains("Exception")
            && (outcome.code == 0 || !outcome.err.isBlank());
    if (!clean) {
      throw new AssertionError("exit code " + outcome.code + ": " + outcome.err);
    }
  }

  private static String[] withModel(List<String> arguments) {
    if (!COMMANDS.contains(arguments.getFirst())) {
      return arguments.toArray(String[]::new);
    }
    String[] all = new String[arguments.size() + 2];
    all[0] = arguments.getFirst();
    all[1] = "--model";
    all[2] = SmallModel.path();
    for (int i = 1; i < arguments.size(); i++) {
      all[i + 2] = arguments.get(i);
    }
    return all;
  }
}
