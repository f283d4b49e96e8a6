package dev.kumiko.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.Reranker;
import dev.kumiko.model.Similarity;
import dev.kumiko.springai.KumikoBatchingStrategy;
import dev.kumiko.springai.KumikoEmbeddingModel;
import dev.kumiko.springai.KumikoRerankPostProcessor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.rag.Query;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.Version;

/** The starter's beans in a context. */
class StarterTest {
  private static final String TEXT = "roofs of a b c";

  @TempDir static Path folder;
  private static Path file;
  private static Path reranker;

  @BeforeAll
  static void write() throws IOException {
    file = SmallModels.withPrompts(folder);
    reranker = SmallModels.reranker(folder);
  }

  private static ApplicationContextRunner empty() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                KumikoEmbeddingAutoConfiguration.class,
                KumikoRerankAutoConfiguration.class,
                KumikoHealthAutoConfiguration.class));
  }

  private static ApplicationContextRunner runner() {
    return empty().withPropertyValues("kumiko.model=" + file);
  }

  /** With all that is on the class path, the OpenAI starter too. */
  private static ApplicationContextRunner everything() {
    return new ApplicationContextRunner()
        .withUserConfiguration(Everything.class)
        .withPropertyValues("kumiko.model=" + file, "spring.ai.openai.api-key=none");
  }

  @Configuration(proxyBeanMethods = false)
  @org.springframework.boot.autoconfigure.EnableAutoConfiguration
  static class Everything {}

  @Test
  void thisRunsWithBootsOwnJackson() {
    Version version = new tools.jackson.core.json.JsonFactory().version();
    assertThat(version.toString()).isEqualTo(System.getProperty("kumiko.jackson"));
  }

  @Test
  void aModelIsMadeAndUsedByAVectorStore() {
    runner()
        .withPropertyValues("kumiko.prompts=auto")
        .run(
            context -> {
              assertThat(context).hasSingleBean(EmbeddingModel.class);
              assertThat(context).hasSingleBean(KumikoBatchingStrategy.class);
              assertThat(context).doesNotHaveBean(Reranker.class);
              Embedder embedder = context.getBean(Embedder.class);
              SimpleVectorStore store =
                  SimpleVectorStore.builder(context.getBean(EmbeddingModel.class)).build();
              store.add(List.of(new Document("a b c"), new Document(TEXT)));
              List<Document> found =
                  store.similaritySearch(SearchRequest.builder().query("a").topK(2).build());
              float[] query = embedder.embed("a", Prompt.QUERY).vector();
              assertThat(found).hasSize(2);
              for (Document document : found) {
                float[] vector = embedder.embed(document.getText(), Prompt.DOCUMENT).vector();
                double cosine = Similarity.COSINE.between(query, vector);
                assertThat(document.getScore())
                    .isCloseTo(cosine, org.assertj.core.data.Offset.offset(1e-6));
              }
            });
  }

  @Test
  void propertiesArrive() {
    runner()
        .withPropertyValues(
            "kumiko.threads=1",
            "kumiko.max-tokens=9",
            "kumiko.long-text=refuse",
            "kumiko.dimensions=4",
            "kumiko.prompts=query",
            "kumiko.metadata-mode=all",
            "kumiko.precision=fastest",
            "kumiko.batch.max-tokens=1")
        .run(
            context -> {
              Embedder embedder = context.getBean(Embedder.class);
              KumikoEmbeddingModel model = context.getBean(KumikoEmbeddingModel.class);
              assertThat(embedder.maxTokens()).isEqualTo(9);
              assertThat(model.dimensions()).isEqualTo(4);
              assertThat(model.embed(new Document("a")))
                  .isEqualTo(embedder.embed("a", Prompt.QUERY).vector());
              assertThat(model.getEmbeddingContent(new Document("a", Map.of("page", 1))))
                  .contains("page: 1");
              assertThat(
                      context
                          .getBean(BatchingStrategy.class)
                          .batch(List.of(new Document("a"), new Document("b"))))
                  .hasSize(2);
              org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                  .isThrownBy(() -> model.embed("a ".repeat(20)))
                  .withMessageContaining("this embedder takes");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "file:%s"})
  void aModelIsAPathOrAnAddress(String form) {
    empty()
        .withPropertyValues("kumiko.model=" + form.formatted(file))
        .run(context -> assertThat(context).hasSingleBean(KumikoEmbeddingModel.class));
  }

  @Test
  void aModelIsAResourceOfTheClassPath() throws Exception {
    ClassPaths.with(
        loader ->
            empty()
                .withClassLoader(loader)
                .withPropertyValues("kumiko.model=classpath:" + file.getFileName())
                .run(context -> assertThat(context).hasSingleBean(KumikoEmbeddingModel.class)),
        folder);
  }

  @Test
  void aModelLiesInAJar(@TempDir Path other) throws IOException {
    Path jar = other.resolve("models.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("roof.safetensors"));
      Files.copy(file, zip);
    }
    empty()
        .withPropertyValues("kumiko.model=jar:" + jar.toUri() + "!/roof.safetensors")
        .run(context -> assertThat(context).hasSingleBean(KumikoEmbeddingModel.class));
  }

  @Test
  void theDefaultModelIsWhatADependencyBrings(@TempDir Path classes) throws Exception {
    ClassPaths.with(
        loader ->
            empty()
                .withClassLoader(loader)
                .run(
                    context ->
                        assertThat(context.getBean(Embedder.class).model().name())
                            .isEqualTo("prompts")),
        ClassPaths.defaultModel(file, classes, ClassPaths.First.class));
  }

  @Test
  void anotherProviderIsLeftAlone() {
    runner()
        .withPropertyValues("spring.ai.model.embedding=openai")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(EmbeddingModel.class);
              assertThat(context).doesNotHaveBean(Embedder.class);
              assertThat(context).doesNotHaveBean(HealthIndicator.class);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "spring.ai.model.embedding=kumiko, dev.kumiko.springai.KumikoEmbeddingModel",
    "spring.ai.model.embedding=openai, org.springframework.ai.openai.OpenAiEmbeddingModel",
    // Nobody is asked for: the starter that comes first wins, and there are no two beans.
    "an.unknown.property=, org.springframework.ai.openai.OpenAiEmbeddingModel"
  })
  void besideTheOpenAiStarterThereIsOneModel(String property, Class<?> expected) {
    everything()
        .withPropertyValues(property)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(EmbeddingModel.class)).isInstanceOf(expected);
              assertThat(context.getBeansOfType(Embedder.class))
                  .hasSize(expected == OpenAiEmbeddingModel.class ? 0 : 1);
            });
  }

  @Test
  void allIsFoundByItsOwnAndSeenByTheRegistry() {
    everything()
        .withPropertyValues("spring.ai.model.embedding=kumiko")
        .withBean(TestObservationRegistry.class, TestObservationRegistry::create)
        .run(
            context -> {
              context.getBean(EmbeddingModel.class).embed(TEXT);
              int tokens = context.getBean(Embedder.class).countTokens(TEXT);
              TestObservationRegistryAssert.assertThat(
                      context.getBean(TestObservationRegistry.class))
                  .hasSingleObservationThat()
                  .hasNameEqualTo("gen_ai.client.operation")
                  .hasContextualNameEqualTo("embedding prompts")
                  .hasLowCardinalityKeyValue("gen_ai.system", "kumiko")
                  .hasHighCardinalityKeyValue("gen_ai.usage.total_tokens", String.valueOf(tokens));
            });
  }

  @Test
  void tokensAreCountedByAMeterRegistry() {
    everything()
        .withPropertyValues("spring.ai.model.embedding=kumiko")
        .withBean(SimpleMeterRegistry.class)
        .run(
            context -> {
              context.getBean(EmbeddingModel.class).embed(List.of(TEXT, "a"));
              Embedder embedder = context.getBean(Embedder.class);
              assertThat(
                      context
                          .getBean(SimpleMeterRegistry.class)
                          .get("gen_ai.client.token.usage")
                          .tag("gen_ai.system", "kumiko")
                          .tag("gen_ai.token.type", "input")
                          .counter()
                          .count())
                  .isEqualTo(embedder.countTokens(TEXT) + embedder.countTokens("a"));
            });
  }

  @Test
  void beansOfTheApplicationComeFirst() {
    runner()
        .withUserConfiguration(OwnEmbedder.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(Embedder.class);
              assertThat(context.getBean(EmbeddingModel.class).dimensions()).isEqualTo(3);
            });
    runner()
        .withUserConfiguration(OwnModel.class)
        .run(
            context -> {
              assertThat(context).hasSingleBean(EmbeddingModel.class);
              assertThat(context).doesNotHaveBean("kumikoEmbeddingModel");
              assertThat(context).hasSingleBean(KumikoBatchingStrategy.class);
            });
    BatchingStrategy strategy = documents -> List.of(documents);
    runner()
        .withBean(BatchingStrategy.class, () -> strategy)
        .run(context -> assertThat(context.getBean(BatchingStrategy.class)).isSameAs(strategy));
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnEmbedder {
    @Bean
    Embedder own() throws IOException {
      return Embedder.builder().truncateDim(3).load(file);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnModel {
    @Bean
    KumikoEmbeddingModel own(Embedder embedder) {
      return KumikoEmbeddingModel.builder(embedder).build();
    }
  }

  @Test
  void aRerankerIsMadeIfItsModelIsNamed() {
    ApplicationContextRunner ranking =
        runner().withPropertyValues("kumiko.rerank.model=" + reranker, "kumiko.rerank.top-n=1");
    ranking.run(
        context -> {
          List<Document> ranked =
              context
                  .getBean(KumikoRerankPostProcessor.class)
                  .process(new Query("a"), List.of(new Document("a"), new Document("the roof")));
          assertThat(ranked).hasSize(1);
          assertThat(ranked.getFirst().getScore()).isNotNull();
        });
    ranking
        .withClassLoader(
            new FilteredClassLoader(
                org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor.class))
        .run(
            context -> {
              assertThat(context).hasSingleBean(Reranker.class);
              assertThat(context).doesNotHaveBean("kumikoRerankPostProcessor");
            });
  }

  @Test
  void aRerankerHasAHealthIndicator() {
    ApplicationContextRunner ranking =
        runner().withPropertyValues("kumiko.rerank.model=" + reranker);
    ranking.run(
        context -> {
          assertThat(context).hasSingleBean(KumikoHealthIndicator.class);
          KumikoRerankHealthIndicator indicator =
              context.getBean("kumikoRerankHealthIndicator", KumikoRerankHealthIndicator.class);
          Reranker made = context.getBean(Reranker.class);
          Health up = indicator.health();
          assertThat(up.getStatus()).isEqualTo(Status.UP);
          assertThat(up.getDetails())
              .containsEntry("model", "bert-reranker")
              .containsEntry("maxTokens", made.maxTokens())
              .containsEntry("backend", made.backend().toString());
          made.close();
          Health down = indicator.health();
          assertThat(down.getStatus()).isEqualTo(Status.DOWN);
          assertThat(down.getDetails()).containsEntry("model", "bert-reranker");
          assertThat(down.getDetails().get("error").toString()).contains("is closed");
        });
    ranking
        .withPropertyValues("spring.ai.model.embedding=openai")
        .run(context -> assertThat(context).hasSingleBean(HealthIndicator.class));
    ranking
        .withPropertyValues("management.health.kumiko-rerank.enabled=false")
        .run(
            context -> {
              assertThat(context).hasSingleBean(KumikoHealthIndicator.class);
              assertThat(context).doesNotHaveBean(KumikoRerankHealthIndicator.class);
            });
    runner()
        .withBean("first", Reranker.class, StarterTest::loaded)
        .withBean("second", Reranker.class, StarterTest::loaded)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(KumikoRerankHealthIndicator.class);
            });
  }

  private static Reranker loaded() {
    try {
      return Reranker.load(reranker);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void withoutBootsHealthModuleAllElseIsMade() {
    runner()
        .withClassLoader(new FilteredClassLoader(HealthIndicator.class))
        .run(
            context -> {
              assertThat(context).hasSingleBean(KumikoEmbeddingModel.class);
              assertThat(context).doesNotHaveBean("kumikoHealthIndicator");
            });
    runner()
        .withPropertyValues("management.health.kumiko.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
  }
}
