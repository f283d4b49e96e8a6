package dev.kumiko.tools.fuzz;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import dev.kumiko.tools.convert.TestModels;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files named {@code tokenizer.json}, read and given a text. */
final class TokenizerJsonTarget implements Target {
  private static final int LONGEST_SEED = 20_000;

  @Override
  public String name() {
    return "tokenizer-json";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Files.readAllBytes(TestModels.resource("tiny-bert/tokenizer.json")));
    try (var files = Files.list(TestModels.resource("tokenizers"))) {
      for (Path file : files.sorted().toList()) {
        if (file.toString().endsWith(".json") && Files.size(file) < LONGEST_SEED) {
          seeds.add(Files.readAllBytes(file));
        }
      }
    }
    return seeds;
  }

  @Override
  public void read(byte[] input) throws IOException {
    TokenizerJson.Tokenizer read = TokenizerJson.read(Json.parse("tokenizer.json", input));
    encode(Tokenizers.of(read.description(), read.tables()));
  }

  /** Gives a tokenizer a text; a regular expression may say that it takes too long. */
  static void encode(Tokenizer tokenizer) throws IOException {
    try {
      tokenizer.encode(Loading.TEXT, Math.max(16, tokenizer.specials()));
    } catch (IllegalArgumentException e) {
      if (!e.getMessage().startsWith("regular expression")) {
        throw e;
      }
    }
  }
}
