package dev.kumiko.bench;

import dev.kumiko.bench.onnx.BertGraph;
import dev.kumiko.tools.generate.PublishedShape;
import dev.kumiko.tools.generate.RandomModel;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.StringJoiner;

/**
 * LaBSE and LEALLA with random weights, and the default model, as files for each engine beside
 * those of the default model. Their token tables are small: a token's row costs the same wherever
 * it is.
 */
record SizeModels(Models models) {
  static final List<PublishedShape> SHAPES =
      List.of(
          PublishedShape.LEALLA_SMALL,
          PublishedShape.LEALLA_BASE,
          PublishedShape.LEALLA_LARGE,
          PublishedShape.LABSE);

  /** The default model, as a graph that the benchmark writes. */
  static final String WRITTEN = "all-MiniLM-L6-v2-written";

  /** The default model as it was published. */
  static final String PUBLISHED = "all-MiniLM-L6-v2-published";

  static final int TOKEN_ROWS = 20_000;

  /** Texts that ONNX Runtime gets at a time: with 256 it is slower. */
  static final int ONNX_BATCH = 32;

  private static final int SPECIALS = 2;

  /** Letters whose pairs are tokens of the made-up vocabulary. */
  private static final String LETTERS = "etaoinshrdlcumwfgypb";

  /** Writes the files. */
  static SizeModels prepare(Models models, PrintStream progress) throws IOException {
    SizeModels all = new SizeModels(models);
    for (PublishedShape shape : SHAPES) {
      progress.println("kumiko: generating " + shape.title());
      String name = shape.title();
      new RandomModel(shape, Optional.empty(), Optional.of(TOKEN_ROWS), 1)
          .write(all.fp32(name), done -> {});
      Quantizer.quantize(all.fp32(name), all.int8(name));
      if (names(EngineKind.ONNXRUNTIME_FP32_BATCHED).contains(name)) {
        BertGraph.write(all.fp32(name), all.graph(name));
      }
    }
    BertGraph.write(models.kumikoFp32(), all.graph(WRITTEN));
    return all;
  }

  private Path fp32(String name) {
    return models.folder().resolve(name + ".safetensors");
  }

  private Path int8(String name) {
    return models.folder().resolve(name + "-int8.safetensors");
  }

  private Path graph(String name) {
    return models.folder().resolve(name + ".onnx");
  }

  /** Returns where an engine's vectors of a model are. */
  Path vectors(String name, EngineKind engine) {
    return models.folder().resolve(name + "-" + engine.id() + ".vectors");
  }

  /** Returns what an engine runs; LaBSE would take ONNX Runtime as long as all others together. */
  static List<String> names(EngineKind engine) {
    List<String> names = new ArrayList<>(SHAPES.stream().map(PublishedShape::title).toList());
    if (engine == EngineKind.ONNXRUNTIME_FP32_BATCHED) {
      names.remove(PublishedShape.LABSE.title());
      names.add(WRITTEN);
      names.add(PUBLISHED);
    }
    return names;
  }

  /** Loads all that an engine runs, for one thread. */
  Map<String, Engine> load(EngineKind engine) {
    Map<String, Engine> loaded = new LinkedHashMap<>();
    for (String name : names(engine)) {
      loaded.put(name, load(engine, name));
    }
    return loaded;
  }

  private Engine load(EngineKind engine, String name) {
    return switch (engine) {
      case KUMIKO_FP32 -> KumikoEngine.of(fp32(name), 1, "vector");
      case KUMIKO_INT8 -> KumikoEngine.of(int8(name), 1, "vector");
      case ONNXRUNTIME_FP32_BATCHED ->
          switch (name) {
            case PUBLISHED -> engine.load(models, 1);
            case WRITTEN -> new OnnxRuntimeEngine(models.kumikoFp32(), graph(name), 1, ONNX_BATCH);
            default -> new OnnxRuntimeEngine(fp32(name), graph(name), 1, ONNX_BATCH);
          };
      default -> throw new IllegalArgumentException(engine.id() + " does not run these models");
    };
  }

  /** Returns texts of so many tokens each, special ones included; no two are the same. */
  static List<String> texts(String name, int count, int tokens) {
    Random random = new Random(tokens);
    boolean published = name.equals(WRITTEN) || name.equals(PUBLISHED);
    List<String> texts = new ArrayList<>(count);
    while (texts.size() < count) {
      texts.add(published ? Workload.text(tokens, random) : text(tokens, random));
    }
    return texts;
  }

  private static String text(int tokens, Random random) {
    StringJoiner words = new StringJoiner(" ");
    for (int i = 0; i < tokens - SPECIALS; i++) {
      char first = LETTERS.charAt(random.nextInt(LETTERS.length()));
      char second = LETTERS.charAt(random.nextInt(LETTERS.length()));
      words.add("" + first + second);
    }
    return words.toString();
  }

  /** Returns texts of mixed lengths, by whose vectors an engine is judged. */
  static List<String> mixedTexts(String name) {
    List<String> texts = new ArrayList<>();
    for (int tokens : new int[] {33, 3, 128, 7, 31, 64, 16, 32, 5, 100, 12, 48}) {
      texts.addAll(texts(name, 1, tokens));
    }
    return texts;
  }
}
