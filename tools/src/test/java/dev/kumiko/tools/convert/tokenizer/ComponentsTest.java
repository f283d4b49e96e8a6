package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.normalize.Normalizer;
import dev.kumiko.tokenize.normalize.Normalizers;
import dev.kumiko.tokenize.split.Splitter;
import dev.kumiko.tokenize.split.Splitters;
import dev.kumiko.tokenize.split.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every normaliser and pre-tokeniser of Hugging Face tokenizers makes of random texts, and
 * most of every code point; {@code reference.py} asked them.
 */
class ComponentsTest {
  private static final int BLOCK_SIZE = 4096;

  private Json reference;

  @BeforeEach
  void open() throws IOException {
    try (InputStream in = new GZIPInputStream(Resources.open("tokenizers/components.json.gz"))) {
      reference = Json.parse("components.json", in);
    }
  }

  @Test
  void normalizersGiveTheSameTexts() throws IOException {
    List<Json> parts = reference.get("normalizer").items();
    assertEquals(18, parts.size());
    for (Json part : parts) {
      NormalizerJson read = NormalizerJson.read(Optional.of(part.get("json")));
      Normalizer normalizer = Normalizers.of(read.steps(), Optional.empty());
      check(part, read.steps().toString(), text -> List.of(normalizer.normalize(text)));
    }
  }

  @Test
  void preTokenizersGiveTheSameWords() throws IOException {
    List<Json> parts = new ArrayList<>(reference.get("pre_tokenizer").items());
    parts.addAll(reference.get("exhaustive_pre_tokenizer").items());
    assertEquals(47, parts.size());
    for (Json part : parts) {
      var steps = SplitJson.read(Optional.of(part.get("json")));
      Splitter splitter = Splitters.of(steps);
      check(part, steps.toString(), text -> words(splitter.split(Words.whole(text, true))));
    }
  }

  private static List<String> words(Words words) {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < words.count(); i++) {
      result.add(words.text().substring(words.start(i), words.end(i)));
    }
    return result;
  }

  private void check(Json part, String name, Function<String, List<String>> component)
      throws IOException {
    List<Json> texts = reference.get("texts").items();
    List<Json> sums = part.get("texts").items();
    assertEquals(texts.size(), sums.size());
    for (int i = 0; i < sums.size(); i++) {
      List<String> found = component.apply(texts.get(i).asString());
      assertEquals(
          sums.get(i).asLong(),
          sum(List.of(found)),
          name + " makes of " + texts.get(i) + " " + found);
    }
    List<Json> blocks = part.get("blocks").items();
    for (int i = 0; i < blocks.size(); i++) {
      List<List<String>> found = new ArrayList<>();
      for (int c = i * BLOCK_SIZE; c < (i + 1) * BLOCK_SIZE; c++) {
        if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
          String one = Character.toString(c);
          found.add(component.apply("a" + one + "B " + one + "1" + one + one));
        }
      }
      assertEquals(
          blocks.get(i).asLong(), sum(found), "%s, U+%04X ff.".formatted(name, i * BLOCK_SIZE));
    }
  }

  private static long sum(List<List<String>> results) {
    CRC32 sum = new CRC32();
    for (List<String> words : results) {
      for (String word : words) {
        sum.update((word + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return sum.getValue();
  }
}
