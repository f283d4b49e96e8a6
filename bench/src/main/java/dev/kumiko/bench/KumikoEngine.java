package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Kumiko with its default model. */
public final class KumikoEngine implements Engine {
  private final Embedder embedder;

  /** Loads the default model for this number of threads. */
  public KumikoEngine(int threads) {
    try {
      this.embedder = Embedder.builder().threads(threads).loadDefault();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public float[][] embed(List<String> texts) {
    return embedder.embedAll(texts).stream().map(Embedding::vector).toArray(float[][]::new);
  }

  @Override
  public void close() {
    embedder.close();
  }
}
