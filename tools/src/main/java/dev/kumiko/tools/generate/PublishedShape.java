package dev.kumiko.tools.generate;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Head;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.HeadStep.Dense;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.huggingface.PublishedConfig;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** The sizes and choices of published encoders, and the kinds of their tokenizers. */
public enum PublishedShape {
  /** LEALLA (Mao and Nakagawa, arXiv 2302.08387), as it was ported to PyTorch. */
  LEALLA_SMALL("lealla-small", bert(24, 128, 8, 512), lealla(128), 512, 501_153),
  /** The one of 107 million parameters. */
  LEALLA_BASE("lealla-base", bert(24, 192, 12, 768), lealla(192), 512, 501_153),
  /** The one of 147 million parameters. */
  LEALLA_LARGE("lealla-large", bert(24, 256, 8, 1024), lealla(256), 512, 501_153),
  /** LaBSE (Feng et al., arXiv 2007.01852), as sentence-transformers has it. */
  LABSE("labse", bert(12, 768, 12, 3072), lealla(768), 256, 501_153),
  /** Multilingual E5 (Wang et al., arXiv 2402.05672): its table has more rows than tokens. */
  MULTILINGUAL_E5_SMALL(
      "multilingual-e5-small",
      bert(12, 384, 12, 1536),
      new Head(Pooling.MEAN, true),
      512,
      250_037,
      rows -> SyntheticTokenizer.unigram(Math.min(rows, 250_002)),
      Map.of("query", "query: ", "passage", "passage: ")),
  /** Qwen3 Embedding (Zhang et al., arXiv 2506.05176). */
  QWEN3_EMBEDDING_06B(
      "qwen3-embedding-0.6b",
      Map.of(
          "model_type", "qwen3",
          "hidden_size", 1024,
          "num_hidden_layers", 28,
          "num_attention_heads", 16,
          "num_key_value_heads", 8,
          "head_dim", 128,
          "intermediate_size", 3072,
          "max_position_embeddings", 32768,
          "rope_theta", 1_000_000),
      new Head(Pooling.LAST_TOKEN, true),
      32768,
      151_669,
      SyntheticTokenizer::byteLevel,
      Map.of(
          "query",
          "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"
              + "Query:")),
  /** EmbeddingGemma (Vera et al., arXiv 2509.20354). */
  EMBEDDINGGEMMA_300M(
      "embeddinggemma-300m",
      Map.ofEntries(
          Map.entry("model_type", "gemma3_text"),
          Map.entry("hidden_size", 768),
          Map.entry("num_hidden_layers", 24),
          Map.entry("num_attention_heads", 3),
          Map.entry("num_key_value_heads", 1),
          Map.entry("head_dim", 256),
          Map.entry("intermediate_size", 1152),
          Map.entry("max_position_embeddings", 2048),
          Map.entry("sliding_window", 512),
          Map.entry("use_bidirectional_attention", true)),
      new Head(
          List.of(Pooling.MEAN),
          true,
          List.of(
              new Dense(3072, false, HeadActivation.IDENTITY),
              new Dense(768, false, HeadActivation.IDENTITY)),
          true),
      2048,
      262_144,
      SyntheticTokenizer::sentencePiece,
      Map.of("query", "task: search result | query: ", "document", "title: none | text: "));

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  private final Map<String, Object> config;

  @SuppressWarnings("ImmutableEnumChecker") // a record of immutable parts
  private final Head head;

  private final int maxTokens;
  private final int tokens;

  @SuppressWarnings("ImmutableEnumChecker") // without state
  private final IntFunction<SyntheticTokenizer> tokenizer;

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  private final Map<String, String> prompts;

  PublishedShape(String title, Map<String, Object> config, Head head, int maxTokens, int tokens) {
    this(title, config, head, maxTokens, tokens, SyntheticTokenizer::wordPiece, Map.of());
  }

  PublishedShape(
      String title,
      Map<String, Object> config,
      Head head,
      int maxTokens,
      int tokens,
      IntFunction<SyntheticTokenizer> tokenizer,
      Map<String, String> prompts) {
    this.title = title;
    this.config = config;
    this.head = head;
    this.maxTokens = maxTokens;
    this.tokens = tokens;
    this.tokenizer = tokenizer;
    this.prompts = prompts;
  }

  private static Map<String, Object> bert(int layers, int hidden, int heads, int intermediate) {
    return Map.of(
        "model_type", "bert",
        "num_hidden_layers", layers,
        "hidden_size", hidden,
        "num_attention_heads", heads,
        "intermediate_size", intermediate);
  }

  private static Head lealla(int hidden) {
    Dense pooler = new Dense(hidden, true, HeadActivation.TANH);
    return new Head(List.of(Pooling.CLS), true, List.of(pooler), true);
  }

  /** Returns the shape of a published name, or empty. */
  public static Optional<PublishedShape> named(String name) {
    return Arrays.stream(values()).filter(shape -> shape.title.equals(name)).findFirst();
  }

  /** Returns all names in the order of the shapes. */
  public static List<String> names() {
    return Arrays.stream(values()).map(shape -> shape.title).toList();
  }

  /** Returns the name under which it was published. */
  public String title() {
    return title;
  }

  /** Returns the number of rows of the token table. */
  public int tokens() {
    return tokens;
  }

  /**
   * Returns sizes and choices.
   *
   * @param layers how many layers; empty for all
   * @param rows of the token table
   */
  public Architecture architecture(Optional<Integer> layers, int rows) {
    Map<String, Object> stated = new LinkedHashMap<>(config);
    stated.put("vocab_size", rows);
    layers.ifPresent(count -> stated.put("num_hidden_layers", count));
    try {
      return PublishedConfig.architecture(Json.parse(title, Json.text(stated)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns a tokenizer of the published kind with so many tokens or fewer. */
  SyntheticTokenizer tokenizer(int rows) {
    return tokenizer.apply(rows);
  }

  /** Returns what is done to token vectors. */
  Head head() {
    return head;
  }

  /** Returns the longest input. */
  int maxTokens() {
    return maxTokens;
  }

  /** Returns texts to put before an input. */
  Map<String, String> prompts() {
    return prompts;
  }
}
