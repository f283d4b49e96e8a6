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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Embeds an input only once. */
final class CachingEmbedder implements Embedder {
  private record Key(String before, OptionalInt dimension, Input input) {}

  private final Embedder embedder;
  private final Map<Key, Embedding> known = new ConcurrentHashMap<>();

  CachingEmbedder(Embedder embedder) {
    this.embedder = embedder;
  }

  int misses() {
    return known.size();
  }

  @Override
  public Embeddings embedInputs(List<? extends Input> inputs, EmbedOptions options) {
    String before = options.prompt().orElse(prompt()).text(model());
    List<Key> keys = new ArrayList<>();
    for (Input input : inputs) {
      keys.add(new Key(before, options.dimension(), input));
    }
    Set<Key> distinct = new LinkedHashSet<>(keys);
    distinct.removeAll(known.keySet());
    List<Key> missing = List.copyOf(distinct);
    Embeddings made = embedder.embedInputs(missing.stream().map(Key::input).toList(), options);
    for (int i = 0; i < missing.size(); i++) {
      known.put(missing.get(i), made.get(i));
    }
    return new Embeddings(keys.stream().map(known::get).toList());
  }

  @Override
  public int dimension() {
    return embedder.dimension();
  }

  @Override
  public Prompt prompt() {
    return embedder.prompt();
  }

  @Override
  public Tokens tokenize(String text, Prompt prompt, int maxTokens) {
    return embedder.tokenize(text, prompt, maxTokens);
  }

  @Override
  public int countTokens(String text, Prompt prompt) {
    return embedder.countTokens(text, prompt);
  }

  @Override
  public int maxTokens() {
    return embedder.maxTokens();
  }

  @Override
  public Backend backend() {
    return embedder.backend();
  }

  @Override
  public ModelInfo model() {
    return embedder.model();
  }

  @Override
  public void close() {
    embedder.close();
  }
}
