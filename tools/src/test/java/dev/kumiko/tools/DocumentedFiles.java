package dev.kumiko.tools;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.convert.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The files that the commands of the documentation read, small ones. */
final class DocumentedFiles {
  /** More than a batch of 64, which is what prune --losses takes. */
  private static final int LINES = 70;

  /** What is evaluated, or learnt in whole epochs. */
  private static final int FEW = 12;

  private static final List<String> WORDS =
      List.of("roof", "rafter", "purlin", "tree", "fruit", "salad", "wood", "nail", "saw", "ash");

  private final Path folder;

  private DocumentedFiles(Path folder) {
    this.folder = folder;
  }

  /** Writes all of them into a folder. */
  static void write(Path folder) throws IOException {
    DocumentedFiles files = new DocumentedFiles(folder);
    files.models();
    files.trainingData();
    files.texts();
    files.retrieval();
  }

  private void models() throws IOException {
    // As many layers as all-MiniLM-L6-v2 and bge-small-en-v1.5 have, or nearly.
    generate("minilm.safetensors", "lealla-small", 6);
    generate("bge.safetensors", "lealla-small", 9);
    generate("lealla-small.safetensors", "lealla-small", 1);
    generate("labse.safetensors", "lealla-base", 1);
    convert("fixtures/llama-layers", "decoder.safetensors");
    convert("cross-encoders/bert-reranker", "reranker.safetensors");
    convert("cross-encoders/xlmr-classifier", "classifier.safetensors");
  }

  private void generate(String name, String shape, int layers) {
    String file = folder.resolve(name).toString();
    Outcome outcome =
        Outcome.of("generate", "--like", shape, "--layers", "" + layers, "--tokens", "1000", file);
    if (outcome.code != 0) {
      throw new IllegalStateException(outcome.err);
    }
  }

  private void convert(String source, String name) throws IOException {
    Converter.convert(
        TestModels.resource(source), folder.resolve(name), ConversionOptions.NONE, line -> {});
  }

  private static String word(int i) {
    return WORDS.get(i % WORDS.size());
  }

  private static String text(int i) {
    return "the %s of %s %d".formatted(word(i), word(i / 7 + 3), i);
  }

  private static String other(int i) {
    return "a %s %d".formatted(word(i % 3 == 0 ? i : i * 7 + 1), i);
  }

  /** Writes a line for each number, made of two texts, two scores, and one more text. */
  private void lines(String name, String header, String format) throws IOException {
    int count = name.contains("dev") || name.startsWith("parallel") ? FEW : LINES;
    List<String> lines = new ArrayList<>();
    if (!header.isEmpty()) {
      lines.add(header);
    }
    IntStream.range(0, count)
        .mapToObj(i -> format.formatted(text(i), other(i), i % 5, i % 2, "no " + text(i)))
        .forEach(lines::add);
    Files.write(folder.resolve(name), lines);
  }

  private void trainingData() throws IOException {
    lines("pairs.csv", "", "%s,%s");
    for (String name : List.of("scored", "dev", "stsb-en-train", "stsb-en-dev")) {
      lines(name + ".csv", "", "%s,%s,%d");
    }
    for (String name : List.of("judged", "judged-dev")) {
      lines(name + ".csv", "", "%s,%s,%4$d");
    }
    lines("triplets.csv", "query,positive,negative", "%s,%s,%5$s");
    lines("parallel.csv", "", "%s,%s");
    lines("texts.csv", "", "%s");
    List<String> topics = List.of("invoice", "offer", "other");
    for (String name : List.of("mails", "mails-dev")) {
      List<String> mails = new ArrayList<>(List.of("text,topic"));
      IntStream.range(0, LINES).forEach(i -> mails.add(text(i) + "," + topics.get(i % 3)));
      Files.write(folder.resolve(name + ".csv"), mails);
    }
  }

  private void texts() throws IOException {
    lines("texts.txt", "", "%s");
    Path keys = Files.write(folder.resolve("keys.txt"), List.of("a-key-of-this-test-alone"));
    if (keys.toFile().setReadable(false, false) && !keys.toFile().setReadable(true, true)) {
      throw new IOException(keys + " cannot be made readable for its owner");
    }
    // It has more different tokens than made-up texts.
    Files.copy(Path.of("..", "docs", "training.md"), folder.resolve("corpus.txt"));
    lines("questions.txt", "", "%2$s");
    Files.createDirectory(folder.resolve("tatoeba"));
    for (String name : List.of("news", "crawled", "train", "test")) {
      lines(name + ".de", "", "%s");
      lines(name + ".en", "", "%s");
    }
    lines("tatoeba/tatoeba.deu-eng.deu", "", "%s");
    lines("tatoeba/tatoeba.deu-eng.eng", "", "%s");
    List<String> gold = IntStream.rangeClosed(1, LINES).mapToObj(i -> i + "\t" + i).toList();
    Files.write(folder.resolve("train.gold"), gold);
    Files.write(folder.resolve("test.gold"), gold);
    String queries = folder.resolve("queries.npy").toString();
    String texts = folder.resolve("questions.txt").toString();
    Outcome.of("embed", "-m", SmallModel.path(), "-i", texts, "-f", "npy", "-o", queries).silent();
  }

  /** Writes a folder in BEIR's layout. */
  private void retrieval() throws IOException {
    Path beir = Files.createDirectories(folder.resolve("scifact/qrels")).getParent();
    List<String> queries = new ArrayList<>();
    List<String> documents = new ArrayList<>();
    List<String> judged = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
    for (int i = 0; i < LINES; i++) {
      queries.add("{\"_id\":\"q%d\",\"text\":\"%s\"}".formatted(i, other(i)));
      documents.add("{\"_id\":\"d%d\",\"title\":\"\",\"text\":\"%s\"}".formatted(i, text(i)));
      judged.add("q%d\td%d\t1".formatted(i, i));
    }
    Files.write(beir.resolve("queries.jsonl"), queries);
    Files.write(beir.resolve("corpus.jsonl"), documents);
    Files.write(beir.resolve("qrels/test.tsv"), judged);
  }
}
