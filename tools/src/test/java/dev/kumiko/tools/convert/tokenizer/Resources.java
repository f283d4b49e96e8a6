package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.Json;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Tokenizers and what the reference says about them. */
final class Resources {
  /** Tokenizers of the fixtures; other fixtures have the same ones. */
  static final List<String> FIXTURES =
      List.of("distilbert", "labse", "qwen3-lasttoken", "roberta", "xlmr-unigram");

  /** Small tokenizers that between them have every component. */
  static final List<String> SMALL =
      List.of(
          "bpe-prefix",
          "bytes-partial",
          "clip",
          "gemma",
          "llama2-first",
          "llama2-legacy",
          "llama3",
          "metaspace-first",
          "metaspace-never",
          "o200k",
          "unigram-bytes",
          "unigram-whole",
          "wordpiece-behaviors",
          "wordpiece-digits",
          "wordpiece-punctuation",
          "wordpiece-whitespace");

  /**
   * A text of the stored ones.
   *
   * @param limit how many tokens it is cut to
   */
  record Text(String text, int limit) {}

  /** Tokenizers of published models; e5-small-v2 has that of bge-small-en-v1.5. */
  static final List<String> PUBLISHED = List.of("bge-small-en-v1.5", "bge-small-zh-v1.5");

  private Resources() {}

  static List<String> all() {
    List<String> all = new ArrayList<>(FIXTURES);
    all.addAll(SMALL);
    return all;
  }

  /** Where a tokenizer's JSON lies. */
  static String place(String tokenizer) {
    if (PUBLISHED.contains(tokenizer)) {
      return tokenizer + "-tokenizer.json";
    }
    return FIXTURES.contains(tokenizer)
        ? "fixtures/" + tokenizer + "/tokenizer.json"
        : "tokenizers/" + tokenizer + ".json";
  }

  static Tokenizer tokenizer(String name) throws IOException {
    TokenizerJson.Tokenizer read = TokenizerJson.read(json(place(name)));
    return Tokenizers.of(read.description(), read.tables());
  }

  static Json json(String place) throws IOException {
    try (InputStream in = open(place)) {
      return Json.parse(place, in);
    }
  }

  static InputStream open(String place) throws IOException {
    InputStream in = Resources.class.getResourceAsStream("/" + place);
    if (in == null) {
      throw new FileNotFoundException(place);
    }
    return in;
  }

  static List<Text> texts() throws IOException {
    List<Text> texts = new ArrayList<>();
    try (var in =
        new DataInputStream(new GZIPInputStream(open("tokenizers/random-texts.bin.gz")))) {
      for (int length = in.read(); length >= 0; length = in.read()) {
        length = length << 8 | in.readUnsignedByte();
        int limit = in.readUnsignedByte();
        texts.add(new Text(new String(in.readNBytes(length), StandardCharsets.UTF_8), limit));
      }
    }
    return texts;
  }
}
