package dev.kumiko.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that runs one engine's models when it is asked: it warms a model up, or says how long
 * it takes for a batch.
 */
final class SizeEngines {
  /** What a text has, special tokens included. */
  static final int TOKENS = 32;

  static final String PREPARE = "prepare";
  private static final int WARM_BATCH = 32;
  private static final double LEAST_NANOS = 2e8;

  private final EngineKind kind;
  private final SizeModels models;
  private final Map<String, Engine> engines;

  private SizeEngines(EngineKind kind, SizeModels models) {
    this.kind = kind;
    this.models = models;
    this.engines = models.load(kind);
  }

  /** Takes an engine and the folder of the models. */
  public static void main(String[] args) {
    SizeModels models = new SizeModels(new Models(Path.of(args[1])));
    SizeEngines program = new SizeEngines(EngineKind.of(args[0]), models);
    AnsweringJvm.answer(program::answer);
  }

  private String answer(String question) {
    String[] words = question.split(" ", -1);
    return words[0].equals(PREPARE)
        ? prepare(words[1])
        : Double.toString(millis(words[0], Integer.parseInt(words[1])));
  }

  /** Warms a model up and writes its vectors of texts of mixed lengths. */
  private String prepare(String name) {
    List<String> few = SizeModels.texts(name, WARM_BATCH, TOKENS);
    Engine engine = engines.get(name);
    SteadyState.reach(() -> engine.embed(few));
    float[][] vectors = engine.embed(SizeModels.mixedTexts(name));
    try {
      Reference.write(models.vectors(name, kind), vectors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "ready";
  }

  /** Returns the mean time of a pass over a batch, of as many as fill a moment. */
  private double millis(String name, int batch) {
    List<String> texts = SizeModels.texts(name, batch, TOKENS);
    Engine engine = engines.get(name);
    long start = System.nanoTime();
    int passes = 0;
    double nanos;
    do {
      engine.embed(texts);
      passes++;
      nanos = System.nanoTime() - start;
    } while (nanos < LEAST_NANOS);
    return nanos / 1e6 / passes;
  }
}
