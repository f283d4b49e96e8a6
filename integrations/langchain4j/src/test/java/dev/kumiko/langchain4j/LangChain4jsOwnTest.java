package dev.kumiko.langchain4j;

import dev.kumiko.Embedder;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.common.AbstractEmbeddingModelIT;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What LangChain4j asks of every embedding model: its own tests. */
class LangChain4jsOwnTest extends AbstractEmbeddingModelIT {
  @TempDir private static Path folder;
  private static Embedder embedder;

  @BeforeAll
  static void load() throws IOException {
    embedder = Embedder.load(SmallModels.embedder(folder));
  }

  @AfterAll
  static void close() {
    embedder.close();
  }

  /** Not one that loaded its embedder: JUnit closes the arguments of a test. */
  @Override
  protected List<EmbeddingModel> models() {
    return List.of(new KumikoEmbeddingModel(embedder));
  }

  @Override
  protected EmbeddingModel modelWith(EmbeddingModelListener listener) {
    return KumikoEmbeddingModel.builder().embedder(embedder).listeners(List.of(listener)).build();
  }

  /** One that is closed. */
  @Override
  protected EmbeddingModel failingModelWith(EmbeddingModelListener listener) {
    KumikoEmbeddingModel closed =
        KumikoEmbeddingModel.builder().listeners(List.of(listener)).build();
    closed.close();
    return closed;
  }

  @Override
  protected boolean supportsImageInput() {
    return false;
  }

  @Override
  protected int dimensionsParameter() {
    return 24;
  }
}
