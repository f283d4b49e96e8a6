package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.Embedding;
import dev.kumiko.kernel.KernelChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Kumiko. */
final class KumikoEngine implements Engine {
  private final Embedder embedder;

  /**
   * Loads a model.
   *
   * @param model null for the default model, which is int8
   * @param backend the kernels that have to run
   */
  KumikoEngine(Path model, int threads, String backend) {
    EmbedderBuilder builder = Embedder.builder().threads(threads);
    try {
      this.embedder = model == null ? builder.loadDefault() : builder.load(model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String name = KernelChoice.kernels().name();
    if (!name.equals(backend)) {
      throw new IllegalStateException("Kumiko runs on " + name + " kernels, not on " + backend);
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
