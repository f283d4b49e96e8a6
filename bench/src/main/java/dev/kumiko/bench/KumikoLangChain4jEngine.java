package dev.kumiko.bench;

import dev.kumiko.langchain4j.KumikoEmbeddingModel;
import java.nio.file.Path;
import java.util.List;

/**
 * Kumiko in the place of LangChain4j's in-process models, called as they are, with all defaults.
 */
final class KumikoLangChain4jEngine implements Engine {
  private final KumikoEmbeddingModel model;

  private KumikoLangChain4jEngine(KumikoEmbeddingModel model) {
    this.model = model;
  }

  /**
   * Loads a model.
   *
   * @param file null for the default model, which is int8
   */
  static KumikoLangChain4jEngine of(Path file) {
    return new KumikoLangChain4jEngine(
        file == null ? new KumikoEmbeddingModel() : new KumikoEmbeddingModel(file));
  }

  @Override
  public float[][] embed(List<String> texts) {
    return LangChain4jEngine.vectors(model, texts);
  }

  @Override
  public String tile() {
    return model.embedder().backend().tile();
  }

  @Override
  public void close() {
    model.close();
  }
}
