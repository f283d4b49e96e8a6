package dev.kumiko.tools.convert.vocabulary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.tools.convert.JsonFile;
import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Settings beside a {@code tokenizer.json}, and the ids that {@code transformers} gives with them;
 * tools/reference/settings.py makes both.
 */
class StoredTokenizerTest {
  private static final Path RESOURCES = TestModels.resource("settings");

  @TempDir private Path folder;

  static Stream<Arguments> cases() throws IOException {
    Json golden = JsonFile.read(RESOURCES.resolve("golden.json"));
    return golden.get("cases").items().stream().map(c -> Arguments.of(name(c), c, golden));
  }

  private static String name(Json settings) {
    try {
      return settings.get("name").asString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void idsEqualTheReference(String name, Json settings, Json golden) throws IOException {
    write(settings);
    if (settings.find("refused").isPresent() || isRefusedHere(name)) {
      assertThrows(IOException.class, this::tokenizer);
      return;
    }
    Tokenizer tokenizer = tokenizer();
    int cut = golden.get("cut").asInt();
    List<Json> texts = golden.get("texts").items();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).asString();
      Json ids = settings.get("ids").items().get(i);
      assertEquals(plain(ids), ids(tokenizer.encode(text, 10_000).ids()), text);
      Json kept = settings.get("cut").items().get(i);
      assertEquals(plain(kept), ids(tokenizer.encode(text, cut).ids()), "cut: " + text);
    }
    List<Json> pairs = golden.get("pairs").items();
    for (int i = 0; i < pairs.size(); i++) {
      String first = pairs.get(i).items().get(0).asString();
      String second = pairs.get(i).items().get(1).asString();
      Json ids = settings.get("pairs").items().get(i);
      assertEquals(plain(ids), ids(tokenizer.encodePair(first, second, cut).ids()), first);
    }
  }

  /** Classes that Kumiko does not make, and one that does not fit its vocabulary. */
  private static boolean isRefusedHere(String name) {
    boolean takesAll = name.startsWith("modernbert");
    return (name.endsWith(" unknown class") && !takesAll)
        || List.of("bert: class RobertaTokenizer", "roberta: class GPT2Tokenizer").contains(name);
  }

  @Test
  void saysWhereTheFilesDisagree() throws IOException {
    Json golden = JsonFile.read(RESOURCES.resolve("golden.json"));
    for (Json settings : golden.get("cases").items()) {
      if (name(settings).equals("bert: stored cased")) {
        write(settings);
      }
    }
    List<String> log = new ArrayList<>();
    TokenizerFolder.read(folder, JsonFile.read(folder.resolve("config.json")), Map.of(), log::add);
    assertEquals(
        List.of(
            "In place of what tokenizer.json says of normalizer the settings beside it count,"
                + " as in transformers (BertTokenizer)."),
        log);
  }

  @Test
  void argumentsWinOverTheFile() throws IOException {
    Files.copy(RESOURCES.resolve("bert.json"), folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"truncation_side\": \"right\"}");
    Json config = Json.parse("config.json", "{\"model_type\": \"bert\"}");
    Map<String, Json> arguments = Json.parse("x", "{\"truncation_side\": \"left\"}").members();
    Json read = TokenizerFolder.read(folder, config, arguments, line -> {});
    assertTrue(TokenizerJson.read(read).description().truncatesLeft());
  }

  @Test
  void refusesWhatItCannotObey() throws IOException {
    Files.copy(RESOURCES.resolve("bert.json"), folder.resolve("tokenizer.json"));
    Json config = Json.parse("config.json", "{\"model_type\": \"bert\"}");
    for (String setting :
        List.of(
            "\"fix_mistral_regex\": true",
            "\"truncation_side\": \"both\"",
            "\"cls_token\": \"\"",
            "\"model_specific_special_tokens\": {\"own_token\": \"<own>\"}",
            "\"auto_map\": {\"AutoTokenizer\": [\"own.Tokenizer\", null]}",
            "\"tokenizer_class\": \"LlamaTokenizer\"")) {
      Files.writeString(folder.resolve("tokenizer_config.json"), "{" + setting + "}");
      IOException refusal =
          assertThrows(
              IOException.class, () -> TokenizerFolder.read(folder, config, Map.of(), l -> {}));
      String value = setting.contains("Llama") ? "LlamaTokenizer" : setting.split("\"", -1)[1];
      assertTrue(refusal.getMessage().contains(value), refusal.getMessage());
    }
  }

  /** transformers takes any setting from there. */
  @Test
  void refusesSettingsAmongTheSpecialTokens() throws IOException {
    Files.copy(RESOURCES.resolve("bert.json"), folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"do_lower_case\": false}");
    Json config = Json.parse("config.json", "{\"model_type\": \"bert\"}");
    IOException refusal =
        assertThrows(
            IOException.class, () -> TokenizerFolder.read(folder, config, Map.of(), l -> {}));
    assertTrue(
        refusal.getMessage().contains("special_tokens_map.json: do_lower_case is no token"),
        refusal.getMessage());
  }

  private Tokenizer tokenizer() throws IOException {
    Json config = JsonFile.read(folder.resolve("config.json"));
    TokenizerJson.Tokenizer read =
        TokenizerJson.read(TokenizerFolder.read(folder, config, Map.of(), line -> {}));
    return Tokenizers.of(read.description(), read.tables());
  }

  private void write(Json settings) throws IOException {
    String base = settings.get("base").asString();
    Object document = plain(JsonFile.read(RESOURCES.resolve(base + ".json")));
    for (Map.Entry<String, Json> edit : settings.get("edits").members().entrySet()) {
      put(document, List.of(edit.getKey().split("/", -1)), plain(edit.getValue()));
    }
    Files.writeString(folder.resolve("tokenizer.json"), Json.text(document));
    for (Map.Entry<String, Json> file : settings.get("beside").members().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), Json.text(plain(file.getValue())));
    }
  }

  @SuppressWarnings("unchecked")
  private static void put(Object place, List<String> path, Object value) {
    if (place instanceof List<?> list) {
      ((List<Object>) list).add(value);
      return;
    }
    Map<String, Object> object = (Map<String, Object>) place;
    if (path.size() == 1) {
      object.put(path.get(0), value);
    } else {
      put(object.get(path.get(0)), path.subList(1, path.size()), value);
    }
  }

  private static List<Object> ids(int[] ids) {
    return Arrays.stream(ids).<Object>mapToObj(id -> (long) id).toList();
  }

  /** Returns maps, lists and plain values. */
  private static Object plain(Json json) throws IOException {
    if (json.isNull()) {
      return null;
    }
    if (json.isArray()) {
      List<Object> items = new ArrayList<>();
      for (Json item : json.items()) {
        items.add(plain(item));
      }
      return items;
    }
    if (json.isObject()) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (Map.Entry<String, Json> member : json.members().entrySet()) {
        members.put(member.getKey(), plain(member.getValue()));
      }
      return members;
    }
    if (json.isString()) {
      return json.asString();
    }
    if (!json.isNumber()) {
      return json.asBoolean();
    }
    return json.toString().matches("-?\\d+") ? (Object) json.asLong() : (Object) json.asDouble();
  }
}
