package dev.kumiko.tools;

import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.tools.fuzz.Loading;
import dev.kumiko.tools.fuzz.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Command lines and what they read from standard input. An input is a line of arguments with tabs
 * between them, and the rest.
 *
 * <p>What is written goes into a folder of this target's own: it says itself what {@code -o} and
 * the commands that write lead to, behind all other words, so that no other word can be a target.
 */
public final class CommandLineTarget implements Target {
  /** What begins like this would work for minutes, or write a chart. */
  private static final List<String> NOT_RUN = List.of("--debug", "--thr", "--chart");

  private static final Set<String> READING =
      Set.of("embed", "similar", "tokenize", "inspect", "rerank", "eval");
  private static final Set<String> WRITING = Set.of("convert", "quantize", "compress");
  private static final Pattern OUTPUT = Pattern.compile("(-o|--output).*", Pattern.DOTALL);

  private final Path source;
  private final Path vectors;
  private final Path model;

  /** Makes a folder to write into, and what is converted. */
  public CommandLineTarget() throws IOException {
    Path folder = Loading.folder();
    this.source = TestModels.copy("sentence-modules/prompts", folder.resolve("source"));
    this.vectors = folder.resolve("vectors");
    this.model = folder.resolve("model.safetensors");
  }

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
        seed("embed\t-o\t--force\ta text\n", ""),
        seed("embed\t--format\tnpy\t--output\n", "one\ntwo\n"),
        seed("convert\t--name\tx\t--pooling\tmean\t--max-tokens\t16\n", ""),
        seed("convert\t--quantize\tint8\t--no-normalize\n", ""),
        seed("quantize\t--activations\tint8\n", ""),
        seed("compress\t--parts\t2\t--codes\t40\t--own-rows\t--int8\n", ""),
        seed("compress\t--parts=3\t--codes=9\t--assignment\tcartesian\t--order\t--seed\t7\n", ""),
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
    if (arguments.stream().anyMatch(word -> NOT_RUN.stream().anyMatch(word::startsWith))
        || arguments.stream().skip(1).anyMatch(WRITING::contains)) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Outcome outcome = Outcome.of(rest, complete(arguments).toArray(String[]::new));
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

  /** Adds the model that is read, and where everything is written. */
  private List<String> complete(List<String> arguments) {
    String command = arguments.getFirst();
    List<String> all = new ArrayList<>(List.of(command));
    if (READING.contains(command)) {
      all.addAll(List.of("--model", SmallModel.path()));
    }
    for (String word : arguments.subList(1, arguments.size())) {
      Matcher output = OUTPUT.matcher(word);
      if (output.matches()) {
        all.addAll(List.of(output.group(1), vectors.toString()));
      } else {
        all.add(word);
      }
    }
    if (WRITING.contains(command)) {
      all.add(command.equals("convert") ? source.toString() : SmallModel.path());
      all.add(model.toString());
    }
    return all;
  }
}
