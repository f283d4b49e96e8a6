package dev.kumiko.langchain4j.spi;

import dev.kumiko.langchain4j.KumikoEmbeddingModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;

/**
 * Gives LangChain4j the default model where an application names none, as ingestors and retrievers
 * do. With another factory on the class path LangChain4j reports a conflict: then leave this
 * artifact out.
 */
public final class KumikoEmbeddingModelFactory implements EmbeddingModelFactory {
  /** For the service loader. */
  public KumikoEmbeddingModelFactory() {}

  @Override
  public EmbeddingModel create() {
    return new KumikoEmbeddingModel();
  }
}
