package com.example.app;

import dev.kumiko.Backend;
import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Embeddings;
import dev.kumiko.Input;
import dev.kumiko.Prompt;
import dev.kumiko.Tokens;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.model.Similarity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Counts letters instead of reading: tokens are words, in brackets as special tokens. */
final class FakeEmbedder implements Embedder {
  private static final Pattern WORD = Pattern.compile("\\S+");

  private record FakeModel(
      String name,
      String source,
      int dimension,
      int maxTokens,
      int vocabularySize,
      Map<String, String> prompts,
      String defaultPrompt,
      Similarity similarity,
      boolean hasRandomWeights)
      implements ModelInfo {}

  private final FakeModel model;

  FakeEmbedder(int maxTokens) {
    this.model =
        new FakeModel(
            "fake",
            "",
            26,
            maxTokens,
            1 << 16,
            Map.of("query", "query: "),
            "",
            Similarity.COSINE,
            true);
  }

  private static List<MatchResult> words(String text) {
    return WORD.matcher(text).results().toList();
  }

  @Override
  public Embeddings embedInputs(List<? extends Input> inputs, EmbedOptions options) {
    Prompt prompt = options.prompt().orElse(prompt());
    List<Embedding> made = new ArrayList<>();
    for (Input input : inputs) {
      String text = ((Input.Text) input).text();
      float[] counts = new float[model.dimension()];
      prompt.text(model).concat(text).chars().forEach(c -> counts[c % counts.length]++);
      Tokens tokens = tokenize(text, prompt);
      made.add(new Embedding(counts, tokens.length(), tokens.truncated()));
    }
    return new Embeddings(made);
  }

  @Override
  public Tokens tokenize(String text, Prompt prompt, int maxTokens) {
    List<String> spelt = new ArrayList<>(List.of("["));
    words(prompt.text(model)).forEach(word -> spelt.add(word.group()));
    int before = spelt.size();
    List<MatchResult> all = words(text);
    List<MatchResult> words = all.subList(0, Math.min(all.size(), maxTokens - before - 1));
    words.forEach(word -> spelt.add(word.group()));
    spelt.add("]");
    return new Tokens(
        spelt.stream().mapToInt(word -> word.hashCode() & 0xFFFF).toArray(),
        spelt,
        before,
        words.stream().mapToInt(MatchResult::start).toArray(),
        words.stream().mapToInt(MatchResult::end).toArray(),
        words.size() < all.size());
  }

  @Override
  public int countTokens(String text, Prompt prompt) {
    return words(prompt.text(model)).size() + words(text).size() + 2;
  }

  @Override
  public int dimension() {
    return model.dimension();
  }

  @Override
  public Prompt prompt() {
    return Prompt.DEFAULT;
  }

  @Override
  public int maxTokens() {
    return model.maxTokens();
  }

  @Override
  public Backend backend() {
    return new Backend("scalar", 0, "", false, "this is a fake");
  }

  @Override
  public ModelInfo model() {
    return model;
  }

  @Override
  public void close() {}
}
