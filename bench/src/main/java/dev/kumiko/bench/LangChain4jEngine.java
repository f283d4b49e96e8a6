package dev.kumiko.bench;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.util.List;

/** LangChain4j's in-process models as its documentation shows them, with all defaults. */
final class LangChain4jEngine implements Engine {
  private final EmbeddingModel model;

  private LangChain4jEngine(EmbeddingModel model) {
    this.model = model;
  }

  static LangChain4jEngine fp32() {
    return new LangChain4jEngine(new AllMiniLmL6V2EmbeddingModel());
  }

  static LangChain4jEngine int8() {
    return new LangChain4jEngine(new AllMiniLmL6V2QuantizedEmbeddingModel());
  }

  @Override
  public float[][] embed(List<String> texts) {
    return vectors(model, texts);
  }

  /** Embeds texts as an application does that ingests them. */
  static float[][] vectors(EmbeddingModel model, List<String> texts) {
    List<TextSegment> segments = texts.stream().map(TextSegment::from).toList();
    return model.embedAll(segments).content().stream()
        .map(Embedding::vector)
        .toArray(float[][]::new);
  }

  @Override
  public void close() {
    // It has nothing to close.
  }
}
