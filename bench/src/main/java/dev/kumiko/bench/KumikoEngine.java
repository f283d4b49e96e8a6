package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.Embedding;
import dev.kumiko.Precision;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Kumiko. */
final class KumikoEngine implements Engine {
  private final Embedder embedder;

  private KumikoEngine(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * Loads a model.
   *
   * @param model null for the default model, which is int8
   * @param backend the kernels that have to run
   */
  static KumikoEngine of(Path model, int threads, String backend) {
    KumikoEngine engine = load(model, Embedder.builder().threads(threads));
    String name = KernelChoice.kernels().name();
    if (!name.equals(backend)) {
      throw new IllegalStateException("Kumiko runs on " + name + " kernels, not on " + backend);
    }
    return engine;
  }

  /** Loads a model for the assembled kernels, which come in the background as in a program. */
  static KumikoEngine machine(Path model, int threads) {
    KumikoEngine engine =
        load(model, Embedder.builder().threads(threads).precision(Precision.FASTEST));
    String missing = KernelChoice.kernels().quantizedLevel().orElseThrow().missing();
    if (!missing.isEmpty()) {
      throw new IllegalStateException("Kumiko runs without machine code: " + missing);
    }
    return engine;
  }

  private static KumikoEngine load(Path model, EmbedderBuilder builder) {
    try {
      return new KumikoEngine(model == null ? builder.loadDefault() : builder.load(model));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public float[][] embed(List<String> texts) {
    return embedder.embedAll(texts).stream().map(Embedding::vector).toArray(float[][]::new);
  }

  @Override
  public String tile() {
    return embedder.backend().tile();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
