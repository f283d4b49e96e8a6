package dev.kumiko.langchain4j.spi;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;

/** Another factory beside Kumiko's. */
public final class SecondFactory implements EmbeddingModelFactory {
  @Override
  public EmbeddingModel create() {
    throw new AssertionError("two factories are a conflict before one is asked");
  }
}
