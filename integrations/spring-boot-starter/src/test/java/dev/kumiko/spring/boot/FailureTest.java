package dev.kumiko.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

/** What an application prints that cannot start as it is configured. */
@ExtendWith(OutputCaptureExtension.class)
class FailureTest {
  @TempDir Path folder;
  private Path file;

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    KumikoEmbeddingAutoConfiguration.class,
    KumikoRerankAutoConfiguration.class
  })
  static class Application {}

  @BeforeEach
  void write() throws IOException {
    file = SmallModels.withPrompts(folder);
  }

  private static void start(ClassLoader loader, String... properties) {
    SpringApplication application =
        new SpringApplication(new DefaultResourceLoader(loader), Application.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.run(Arrays.stream(properties).map("--"::concat).toArray(String[]::new)).close();
  }

  /** Returns the analysis that was printed, on one line. */
  private static String analysis(CapturedOutput output, ClassLoader loader, String... properties) {
    assertThatThrownBy(() -> start(loader, properties)).isInstanceOf(Exception.class);
    String printed = output.getOut();
    assertThat(printed).contains("APPLICATION FAILED TO START").doesNotContain("\tat ");
    int from = printed.indexOf("Description:");
    return printed.substring(from).replaceAll("\\s+", " ");
  }

  private String analysis(CapturedOutput output, String... properties) {
    return analysis(output, FailureTest.class.getClassLoader(), properties);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kumiko.threads=0|kumiko.threads is 0, but must be at least 1.|Set it to 1 or more",
        "kumiko.threads=-1|kumiko.threads is -1, but must be at least 1.|Set it to 1 or more",
        "kumiko.batch.max-tokens=0|kumiko.batch.max-tokens is 0|Set it to 1 or more",
        "kumiko.dimensions=1000|kumiko.dimensions is 1000, but the vectors of prompts have|or leave"
            + " it out",
        "kumiko.dimensions=0|kumiko.dimensions is 0, but the vectors of prompts have|or leave it"
            + " out",
        "kumiko.max-tokens=1000|kumiko.max-tokens is 1000, but prompts takes from 3 to|or leave it"
            + " out",
        "kumiko.prompts=riddle|it has [document, query]|Set it to auto, none, default or",
        "kumiko.rerank.model=lost.safetensors|kumiko.rerank.model is \"lost.safetensors\", but"
            + " there is no file|Correct the property",
        "kumiko.long-text=sometimes|kumiko.long-text|AVERAGE CUT REFUSE"
      })
  void aPropertyThatCannotBeIsNamed(
      String property, String description, String action, CapturedOutput output) {
    assertThat(analysis(output, "kumiko.model=" + file, property))
        .containsSubsequence("Description:", description, "Action:", action);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s/lost.safetensors", "file:%s/lost.safetensors", "classpath:lost.st"})
  void aMissingModelIsNamed(String form, CapturedOutput output) {
    String value = form.formatted(folder);
    assertThat(analysis(output, "kumiko.model=" + value))
        .containsSubsequence(
            "kumiko.model is \"" + value + "\", but there is no",
            "Action:",
            "Correct the property",
            Path.of("").toAbsolutePath().toString(),
            "without the property the default model is loaded");
  }

  @Test
  void aFolderIsNoModel(CapturedOutput output) {
    assertThat(analysis(output, "kumiko.model=" + folder))
        .containsSubsequence("which is a folder.", "kumiko convert " + folder);
  }

  @Test
  void aDamagedModelIsNamedWithItsDamage(CapturedOutput output) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(analysis(output, "kumiko.model=" + file))
        .containsSubsequence(
            "kumiko.model is \"" + file + "\", which cannot be loaded:",
            file.toString(),
            "fetch or convert it again");
  }

  @Test
  void aCrossEncoderIsNoEmbedder(CapturedOutput output) throws IOException {
    assertThat(analysis(output, "kumiko.model=" + SmallModels.reranker(folder)))
        .contains("no embeddings; load it with Reranker");
  }

  @Test
  void anEmbedderIsNoCrossEncoder(CapturedOutput output) {
    assertThat(analysis(output, "kumiko.model=" + file, "kumiko.rerank.model=" + file))
        .containsSubsequence("kumiko.rerank.model is", "gives embeddings, no scores");
  }

  @Test
  void withoutADefaultModelTheDependencyIsNamed(CapturedOutput output) {
    assertThat(analysis(output))
        .containsSubsequence(
            "kumiko.model is not set, and the default model cannot be loaded",
            "Action:",
            "dev.kumiko:kumiko-all-minilm-l6-v2",
            "set kumiko.model");
  }

  @Test
  void twoDefaultModelsAreBothNamed(@TempDir Path one, @TempDir Path other, CapturedOutput output)
      throws Exception {
    ClassPaths.with(
        loader ->
            assertThat(analysis(output, loader))
                .contains(one.toString(), other.toString())
                .contains("exactly one model, or set kumiko.model"),
        ClassPaths.defaultModel(file, one, ClassPaths.First.class),
        ClassPaths.defaultModel(file, other, ClassPaths.Second.class));
  }

  @Test
  void aDamagedDefaultModelIsNamed(@TempDir Path classes, CapturedOutput output) throws Exception {
    Files.write(file, "no model".getBytes(StandardCharsets.UTF_8));
    ClassPaths.with(
        loader ->
            assertThat(analysis(output, loader))
                .containsSubsequence("The default model is damaged", classes.toString()),
        ClassPaths.defaultModel(file, classes, ClassPaths.First.class));
  }

  @Test
  void anOlderJavaIsToldWhichOneIsNeeded() {
    for (String message :
        List.of(
            "dev/kumiko/Embedder has been compiled by a more recent version of the Java Runtime"
                + " (class file version 69.0), this version of the Java Runtime only recognizes"
                + " class file versions up to 61.0",
            "Kumiko needs Java 25 or newer; this is Java 17")) {
      FailureAnalysis analysis =
          new OldJavaFailureAnalyzer()
              .analyze(new IllegalStateException(new UnsupportedClassVersionError(message)));
      assertThat(analysis.getDescription())
          .contains("needs Java 25 or newer", Runtime.version().toString());
      assertThat(analysis.getAction()).contains("Start the application with Java 25");
    }
    assertThat(
            new OldJavaFailureAnalyzer()
                .analyze(new UnsupportedClassVersionError("org/example/Roof has been compiled")))
        .isNull();
  }

  @Test
  void allOfTheStarterRunsOnJava17ToSaySo() throws Exception {
    Path classes =
        Path.of(KumikoProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> files;
    try (var found = Files.walk(classes)) {
      files = found.filter(path -> path.toString().endsWith(".class")).toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    for (Path path : files) {
      try (InputStream in = Files.newInputStream(path)) {
        DataInputStream header = new DataInputStream(in);
        header.skipBytes(6);
        assertThat(header.readUnsignedShort()).as(path.toString()).isEqualTo(61);
      }
    }
  }
}
