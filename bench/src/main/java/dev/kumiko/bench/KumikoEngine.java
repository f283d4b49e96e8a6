package dev.kumiko.bench;

import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Kumiko, with its default model, which is int8, or with the fp32 model it was made from. */
final class KumikoEngine implements Engine {
  private final Embedder embedder;

  private KumikoEngine(Embedder embedder) {
    this.embedder = embedder;
  }

  static KumikoEngine int8(int threads) {
    try {
      return new KumikoEngine(Embedder.builder().threads(threads).loadDefault());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KumikoEngine fp32(int threads) {
    try {
      return new KumikoEngine(Embedder.builder().threads(threads).load(Models.kumikoFp32()));
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
