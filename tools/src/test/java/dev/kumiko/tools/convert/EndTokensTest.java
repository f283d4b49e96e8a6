package dev.kumiko.tools.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where tokenizer.json and tokenizer_config.json disagree about the tokens around a text. */
class EndTokensTest {
  private static final String FIXTURE = "fixtures/mistral-lasttoken";
  private static final String TEXT = "A purlin carries the rafters of a roof.";
  private static final String FLAG = "\"backend\": \"tokenizers\",";

  @TempDir private Path folder;
  private final List<String> log = new ArrayList<>();

  private Path source() throws IOException {
    return TestModels.copy(FIXTURE, folder.resolve("source"));
  }

  private int[] ids(Path source) throws IOException {
    Path target = folder.resolve("model.safetensors");
    Converter.convert(source, target, ConversionOptions.NONE, log::add);
    try (Embedder embedder = Embedder.load(target)) {
      return embedder.tokenize(TEXT).ids();
    }
  }

  private static void replace(Path file, String before, String after) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(before), file + " lacks " + before);
    Files.writeString(file, text.replace(before, after));
  }

  private static int[] golden() throws IOException {
    Path file = TestModels.resource(FIXTURE).resolve("golden.json");
    Json reference = Json.parse("golden.json", Files.readAllBytes(file));
    assertEquals(TEXT, reference.get("texts").items().get(0).asString());
    List<Json> items = reference.get("ids").items().get(0).items();
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = items.get(i).asInt();
    }
    return ids;
  }

  /** As e5-mistral-7b-instruct: the end token is only asked for beside tokenizer.json. */
  @Test
  void anEndTokenThatTheTemplateLacksIsAdded() throws IOException {
    Path source = source();
    Path tokenizer = source.resolve("tokenizer.json");
    String text = Files.readString(tokenizer);
    int end = text.indexOf("\"</s>\"", text.indexOf("\"post_processor\""));
    int item = text.lastIndexOf(",\n      {\n", end);
    int next = text.indexOf("\n    ]", end);
    Files.writeString(tokenizer, text.substring(0, item) + text.substring(next));
    int[] golden = golden();
    assertArrayEquals(Arrays.copyOf(golden, golden.length - 1), ids(source));
    assertTrue(log.stream().noneMatch(line -> line.contains("add_bos")), log.toString());
    replace(source.resolve("tokenizer_config.json"), FLAG, FLAG + "\"add_eos_token\": true,");
    assertArrayEquals(golden, ids(source));
    assertTrue(log.toString().contains("A text becomes <s> TEXT </s>, as add_bos"), log.toString());
  }

  @Test
  void tokensThatAreNotWantedAreLeftOut() throws IOException {
    Path source = source();
    replace(
        source.resolve("tokenizer_config.json"),
        FLAG,
        FLAG + "\"add_eos_token\": false, \"add_bos_token\": false,");
    int[] golden = golden();
    assertArrayEquals(Arrays.copyOfRange(golden, 1, golden.length - 1), ids(source));
    assertTrue(log.toString().contains("A text becomes TEXT, as add_bos"), log.toString());
  }

  @Test
  void settingsThatAgreeChangeNothing() throws IOException {
    Path source = source();
    replace(
        source.resolve("tokenizer_config.json"),
        FLAG,
        FLAG + "\"add_eos_token\": true, \"add_bos_token\": true,");
    assertArrayEquals(golden(), ids(source));
    assertTrue(log.stream().noneMatch(line -> line.contains("add_bos")), log.toString());
  }
}
