package dev.kumiko.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.Embedder;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;

/** What an observation registry sees of a call. */
class ObservationTest {
  @TempDir Path folder;
  private Path file;
  private final TestObservationRegistry registry = TestObservationRegistry.create();

  @BeforeEach
  void write() throws IOException {
    file = SmallModels.withPrompts(folder);
  }

  @Test
  void everyCallIsSeenWithNamesKeysAndUsage() throws IOException {
    try (Embedder embedder = Embedder.load(file)) {
      KumikoEmbeddingModel model =
          KumikoEmbeddingModel.builder(embedder).observationRegistry(registry).build();
      model.dimensions();
      TestObservationRegistryAssert.assertThat(registry).doesNotHaveAnyObservation();
      model.embed(new Document("the roof"));
      String name = embedder.model().name();
      String tokens = String.valueOf(embedder.countTokens("the roof"));
      TestObservationRegistryAssert.assertThat(registry)
          .hasSingleObservationThat()
          .hasBeenStarted()
          .hasBeenStopped()
          .hasNameEqualTo("gen_ai.client.operation")
          .hasContextualNameEqualTo("embedding " + name)
          .hasLowCardinalityKeyValue("gen_ai.operation.name", "embedding")
          .hasLowCardinalityKeyValue("gen_ai.system", "kumiko")
          .hasLowCardinalityKeyValue("gen_ai.request.model", name)
          .hasLowCardinalityKeyValue("gen_ai.response.model", name)
          .hasHighCardinalityKeyValue(
              "gen_ai.request.embedding.dimensions", String.valueOf(embedder.dimension()))
          .hasHighCardinalityKeyValue("gen_ai.usage.input_tokens", tokens)
          .hasHighCardinalityKeyValue("gen_ai.usage.total_tokens", tokens);
    }
  }

  @Test
  void aCallThatFailsIsSeenWithItsError() throws IOException {
    Embedder embedder = Embedder.load(file);
    KumikoEmbeddingModel model =
        KumikoEmbeddingModel.builder(embedder).observationRegistry(registry).build();
    embedder.close();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> model.embed(List.of("a")));
    assertEquals("this embedder is closed", e.getMessage());
    TestObservationRegistryAssert.assertThat(registry)
        .hasSingleObservationThat()
        .hasBeenStopped()
        .hasError(e);
  }

  @Test
  void aConventionOfOnesOwnNamesCalls() throws IOException {
    try (Embedder embedder = Embedder.load(file)) {
      KumikoEmbeddingModel.builder(embedder)
          .observationRegistry(registry)
          .observationConvention(
              new DefaultEmbeddingModelObservationConvention() {
                @Override
                public String getName() {
                  return "roofs";
                }
              })
          .build()
          .embed("a");
      TestObservationRegistryAssert.assertThat(registry)
          .hasSingleObservationThat()
          .hasNameEqualTo("roofs");
    }
  }
}
