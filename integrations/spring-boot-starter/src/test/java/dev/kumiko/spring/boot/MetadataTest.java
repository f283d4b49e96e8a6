package dev.kumiko.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What an editor knows of the properties. */
class MetadataTest {
  private static JsonNode metadata() throws IOException {
    try (InputStream in =
        KumikoProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** Returns the properties with their descriptions. */
  static Map<String, String> described() throws IOException {
    Map<String, String> described = new TreeMap<>();
    for (JsonNode property : metadata().get("properties")) {
      described.put(property.get("name").asString(), property.path("description").asString(""));
    }
    return described;
  }

  @Test
  void everyPropertyIsDescribedAndChoicesAreHinted() throws IOException {
    assertThat(described().keySet())
        .containsExactly(
            "kumiko.batch.max-tokens",
            "kumiko.dimensions",
            "kumiko.long-text",
            "kumiko.max-tokens",
            "kumiko.metadata-mode",
            "kumiko.model",
            "kumiko.precision",
            "kumiko.prompts",
            "kumiko.rerank.max-tokens",
            "kumiko.rerank.model",
            "kumiko.rerank.top-n",
            "kumiko.threads",
            "management.health.kumiko-rerank.enabled",
            "management.health.kumiko.enabled");
    assertThat(described()).allSatisfy((name, text) -> assertThat(text).as(name).endsWith("."));
    assertThat(metadata().get("hints").findValuesAsString("name"))
        .contains("kumiko.prompts", "kumiko.long-text", "spring.ai.model.embedding");
  }
}
