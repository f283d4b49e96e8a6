package dev.kumiko.tools;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.tools.fuzz.Loading;
import dev.kumiko.tools.fuzz.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  private static final Set<String> MODEL_FIRST = Set.of("embed", "similar", "tokenize", "rerank");
  private static final Set<String> WRITING = Set.of("convert", "quantize", "compress");
  private static final List<String> COMMANDS =
      List.of(
          "embed",
          "similar",
          "tokenize",
          "rerank",
          "inspect",
          "eval",
          "quantize",
          "compress",
          "convert");

  /** One in so many damaged commands stays as it is. */
  private static final int RARELY_WRONG = 50;

  private static final Pattern OUTPUT = Pattern.compile("(-o|--output).*", Pattern.DOTALL);

  private final Path source;
  private final Path embedder;
  private final Path reranker;
  private final Path pairs;
  private final Path vectors;
  private final Path model;

  /** Makes a folder to write into, and the smallest models there are: each input loads one. */
  public CommandLineTarget() throws IOException {
    Path folder = Loading.folder();
    this.source = TestModels.copy("sentence-modules/prompts", folder.resolve("source"));
    this.embedder = convert(source, folder.resolve("embedder.safetensors"));
    Path classifier = TestModels.resource("cross-encoders/bert-reranker");
    this.reranker = convert(classifier, folder.resolve("reranker.safetensors"));
    this.pairs = folder.resolve("pairs.csv");
    this.vectors = folder.resolve("vectors");
    this.model = folder.resolve("model.safetensors");
  }

  private static Path convert(Path source, Path target) throws IOException {
    Converter.convert(source, target, ConversionOptions.NONE, line -> {});
    return target;
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
        seed("embed\t--precision\tfastest\t--long-text=average\n", "one\n"),
        seed("similar\tone\ttwo\tthree\n", ""),
        seed("inspect\n", ""),
        seed("rerank\tquery\n", "one\ntwo"),
        seed("eval\tsts\n", "a roof,a wall,1\nb,c,2.5\n\"d\",e,3\n"),
        seed("eval\tfrontier\t--pairs\n", "a roof,a wall,1\nb,c,2.5\nd,e,3\n"),
        seed("embed\t-o\t--force\ta text\n", ""),
        seed("embed\t--format\tnpy\t--output\n", "one\ntwo\n"),
        seed("convert\t--name\tx\t--pooling\tmean\t--max-tokens\t16\n", ""),
        seed("convert\t--quantize\tint8\t--no-normalize\n", ""),
        seed("quantize\t--activations\tint8\n", ""),
        seed("compress\t--parts\t2\t--codes\t40\t--own-rows\t--int8\n", ""),
        seed("compress\t--parts=3\t--codes=9\t--assignment\tcartesian\t--order\t--seed\t7\n", ""),
        seed("embed\t--help\n", ""),
        seed("compress\t--help\n", ""));
  }

  private static byte[] seed(String arguments, String input) {
    return (arguments + input).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void read(byte[] input) throws IOException {
    int end = 0;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    String line = new String(input, 0, end, StandardCharsets.UTF_8);
    List<String> arguments = Arrays.asList(line.split("\t", -1));
    arguments.set(0, command(arguments.getFirst(), input));
    if (arguments.stream().anyMatch(word -> NOT_RUN.stream().anyMatch(word::startsWith))
        || arguments.stream().skip(1).anyMatch(WRITING::contains)) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
    Files.write(pairs, rest);
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

  /**
   * Says mostly a command in the place of a damaged one: that it is none is found soon, but what
   * could have been meant takes as long as ten commands.
   */
  private static String command(String word, byte[] input) {
    int choice = Math.floorMod(Arrays.hashCode(input), RARELY_WRONG * COMMANDS.size());
    return COMMANDS.contains(word) || choice < COMMANDS.size()
        ? word
        : COMMANDS.get(choice % COMMANDS.size());
  }

  /** Adds the model that is read, and where everything is written. */
  private List<String> complete(List<String> arguments) {
    String command = arguments.getFirst();
    List<String> all = new ArrayList<>(List.of(command));
    if (MODEL_FIRST.contains(command)) {
      Path read = command.equals("rerank") ? reranker : embedder;
      all.addAll(List.of("--model", read.toString()));
    }
    for (String word : arguments.subList(1, arguments.size())) {
      Matcher output = OUTPUT.matcher(word);
      if (output.matches()) {
        all.addAll(List.of(output.group(1), vectors.toString()));
      } else {
        all.add(word);
      }
    }
    switch (command) {
      case "inspect" -> all.add(embedder.toString());
      case "eval" -> all.addAll(evaluated(arguments));
      default -> {}
    }
    if (WRITING.contains(command)) {
      all.add((command.equals("convert") ? source : embedder).toString());
      all.add(model.toString());
    }
    return all;
  }

  /** What standard input has are pairs here; the last of the words of frontier is a model. */
  private List<String> evaluated(List<String> arguments) {
    return arguments.contains("frontier")
        ? List.of(pairs.toString(), embedder.toString())
        : List.of("--model", embedder.toString(), pairs.toString());
  }
}
