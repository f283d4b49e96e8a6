package dev.kumiko.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.springai.KumikoEmbeddingModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** A context that is closed, while nothing and while something runs. */
@Timeout(60)
class CloseTest {
  @TempDir Path folder;
  private ConfigurableApplicationContext context;

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    KumikoEmbeddingAutoConfiguration.class,
    KumikoHealthAutoConfiguration.class
  })
  static class Application {}

  @BeforeEach
  void start() throws IOException {
    SpringApplication application = new SpringApplication(Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    context = application.run("--kumiko.model=" + SmallModels.withPrompts(folder));
  }

  @Test
  void theIndicatorIsUpUntilTheContextIsClosed() {
    Embedder embedder = context.getBean(Embedder.class);
    KumikoHealthIndicator indicator = context.getBean(KumikoHealthIndicator.class);
    Health up = indicator.health();
    assertThat(up.getStatus()).isEqualTo(Status.UP);
    assertThat(up.getDetails())
        .containsEntry("model", "prompts")
        .containsEntry("dimension", embedder.dimension())
        .containsEntry("backend", embedder.backend().toString());
    context.close();
    Health down = indicator.health();
    assertThat(down.getStatus()).isEqualTo(Status.DOWN);
    assertThat(down.getDetails()).containsEntry("model", "prompts");
    assertThat(down.getDetails().get("error").toString()).contains("this embedder is closed");
  }

  @Test
  void aCallThatRunsWhenTheContextIsClosedEndsWithAllItsVectors() throws Exception {
    KumikoEmbeddingModel model = context.getBean(KumikoEmbeddingModel.class);
    Embedder embedder = model.embedder();
    List<String> texts = Collections.nCopies(2_000, "a b c d e f g h");
    float[] expected = model.embed(List.of(texts.getFirst())).getFirst();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    EmbedOptions options =
        EmbedOptions.DEFAULT.withProgress(
            (done, all) -> {
              running.countDown();
              awaitClosing(closing);
            });
    FutureTask<List<dev.kumiko.Embedding>> call =
        new FutureTask<>(() -> embedder.embedAll(texts, options));
    Thread.ofPlatform().start(call);
    running.await();
    Thread closer = Thread.ofPlatform().start(context::close);
    while (isOpen(embedder)) {
      Thread.sleep(1);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> model.embed("a"))
        .withMessage("this embedder is closed");
    assertThat(closer.isAlive()).isTrue();
    closing.countDown();
    assertThat(call.get()).hasSize(texts.size());
    assertThat(call.get()).allSatisfy(e -> assertThat(e.vector()).isEqualTo(expected));
    closer.join();
    assertThat(context.isActive()).isFalse();
  }

  private static boolean isOpen(Embedder embedder) {
    try {
      embedder.countTokens("");
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static void awaitClosing(CountDownLatch closing) {
    try {
      assertThat(closing.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
