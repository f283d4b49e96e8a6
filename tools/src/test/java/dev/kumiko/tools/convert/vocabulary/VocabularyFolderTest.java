package dev.kumiko.tools.convert.vocabulary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.tools.convert.JsonFile;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Folders without a {@code tokenizer.json}, and the ids that {@code transformers} gives with them;
 * tools/reference/vocabularies.py makes both.
 */
class VocabularyFolderTest {
  /**
   * What the messages say of the folders that are refused. The reference refuses them too, but for
   * four: one writes the token "None", two are of classes of their own, one has a piece twice.
   */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("bert-case-null", "do_lower_case is null"),
          Map.entry("bert-fast-class", "its tokenizer is a PreTrainedTokenizer;"),
          Map.entry("bert-no-cls", "there is no cls_token, which its tokenizer needs"),
          Map.entry("bert-tekken", "but a tekken.json, from which Kumiko builds no BertTokenizer"),
          Map.entry("bert-unknown-class", "its tokenizer is a BertJapaneseTokenizer; without"),
          Map.entry("bert-untyped", "mask_token is "),
          Map.entry("camembert-bpe", "holds a model of type 2"),
          Map.entry("modernbert", "of a modernbert Kumiko knows no other vocabulary files"),
          Map.entry("convbert", "its tokenizer is a ConvBertTokenizer; without"),
          Map.entry("roberta-blank-line", "merges.txt: line 141 is no merge"),
          Map.entry("roberta-without-merges", "nor the merges.txt from which a RobertaTokenizer"),
          Map.entry("xlmr-empty-file", "has no compiled rules for characters"),
          Map.entry("xlmr-symbols-hidden", "has the piece <new>, which is one of the special"));

  private static Path resources() {
    try {
      return Path.of(VocabularyFolderTest.class.getResource("/vocabularies").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(resources())) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static TokenizerJson.Tokenizer read(Path folder) throws IOException {
    Json config = JsonFile.read(folder.resolve("config.json"));
    return TokenizerJson.read(TokenizerFolder.read(folder, config, Map.of(), line -> {}));
  }

  private static Tokenizer tokenizer(Path folder) throws IOException {
    TokenizerJson.Tokenizer read = read(folder);
    return Tokenizers.of(read.description(), read.tables());
  }

  /** As the post-processors that transformers 5 makes. */
  @ParameterizedTest
  @CsvSource({
    "bert-bare, NONE",
    "roberta-bare, ALL",
    "roberta-map, NONE",
    "roberta-space, ALL_BUT_FIRST",
    "bart, ALL"
  })
  void offsetsAreTrimmedAsTheSettingsSay(String name, OffsetTrimming expected) throws IOException {
    assertEquals(expected, read(resources().resolve(name)).description().trimming());
  }

  @ParameterizedTest
  @MethodSource("folders")
  void givesTheIdsOfTheReferenceOrRefusesWithIt(String name) throws IOException {
    Path folder = resources().resolve(name);
    Json golden = JsonFile.read(folder.resolve("golden.json"));
    String refused = REFUSED.get(name);
    assertTrue(refused != null || golden.find("refused").isEmpty(), name);
    if (refused != null) {
      String message = assertThrows(IOException.class, () -> tokenizer(folder)).getMessage();
      assertTrue(message.contains(refused), message);
      return;
    }
    Tokenizer tokenizer = tokenizer(folder);
    Json inputs = JsonFile.read(resources().resolve("texts.json"));
    List<Json> texts = inputs.get("texts").items();
    List<Json> ids = golden.get("ids").items();
    assertEquals(texts.size(), ids.size());
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i).asString();
      assertArrayEquals(
          ints(ids.get(i)), tokenizer.encode(text, Integer.MAX_VALUE).ids(), name + ": " + text);
    }
    List<Json> pairs = inputs.get("pairs").items();
    for (int i = 0; i < pairs.size(); i++) {
      String first = pairs.get(i).items().get(0).asString();
      String second = pairs.get(i).items().get(1).asString();
      assertArrayEquals(
          ints(golden.get("pairs").items().get(i)),
          tokenizer.encodePair(first, second, Integer.MAX_VALUE).ids(),
          name + ": " + first + ", " + second);
    }
  }

  private static int[] ints(Json array) throws IOException {
    return array.items().stream()
        .mapToInt(
            item -> {
              try {
                return item.asInt();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            })
        .toArray();
  }
}
