package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.kumiko.tokenize.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hugging Face tokenizers itself, through DJL's binding, on every line of the evaluation data that
 * {@code kumiko.data} names.
 */
class HuggingFaceDataTest {
  static List<String> tokenizers() {
    List<String> tokenizers = new ArrayList<>(Resources.FIXTURES);
    tokenizers.addAll(Resources.PUBLISHED);
    return tokenizers;
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void everyLineBecomesTheSameIds(String name) throws IOException {
    List<String> lines = lines();
    Tokenizer tokenizer = Resources.tokenizer(name);
    System.setProperty("ai.djl.offline", "true");
    try (InputStream in = Resources.open(Resources.place(name));
        HuggingFaceTokenizer reference =
            HuggingFaceTokenizer.newInstance(
                in, Map.of("truncation", "false", "padding", "false"))) {
      for (String line : lines) {
        long[] expected = reference.encode(line, true, false).getIds();
        int[] found = tokenizer.encode(line, Integer.MAX_VALUE).ids();
        assertArrayEquals(expected, Arrays.stream(found).asLongStream().toArray(), line);
      }
    }
  }

  private static List<String> lines() throws IOException {
    Path data = Path.of(System.getProperty("kumiko.data"));
    assumeTrue(
        Files.isDirectory(data), () -> data + " is absent; give the folder with -Dkumiko.data");
    List<String> lines = new ArrayList<>();
    for (String folder : List.of("sts", "tatoeba")) {
      try (Stream<Path> files = Files.list(data.resolve(folder))) {
        for (Path file : files.sorted().toList()) {
          lines.addAll(Files.readAllLines(file));
        }
      }
    }
    assertTrue(lines.size() > 1000, lines.size() + " lines");
    return lines;
  }
}
