package dev.kumiko.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/**
 * The texts of a benchmark, made from words that are one token each, so that the number of tokens
 * is the number of words and the two special ones.
 */
public enum Workload {
  /** One text of 16 tokens. */
  ONE_16,
  /** One text of 64 tokens. */
  ONE_64,
  /** One text of 128 tokens. */
  ONE_128,
  /** One text of 256 tokens. */
  ONE_256,
  /** 64 texts of mixed lengths, 8 to 256 tokens, evenly drawn. */
  MIXED_64;

  private static final int SPECIALS = 2;

  private static final String[] WORDS = {
    "the", "roof", "of", "a", "house", "rests", "on", "walls", "and", "wood", "is", "cut", "to",
    "fit", "without", "one", "nail", "water", "runs", "down", "stone", "in", "winter", "light",
    "falls", "through", "paper", "windows", "old", "tools", "were", "made", "by", "hand", "for",
    "every", "joint", "there", "was", "name"
  };

  /** Returns the texts, the same in every run. */
  public List<String> texts() {
    Random random = new Random(42);
    return switch (this) {
      case ONE_16 -> List.of(text(16, random));
      case ONE_64 -> List.of(text(64, random));
      case ONE_128 -> List.of(text(128, random));
      case ONE_256 -> List.of(text(256, random));
      case MIXED_64 -> {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          texts.add(text(8 + random.nextInt(249), random));
        }
        yield texts;
      }
    };
  }

  private static String text(int tokens, Random random) {
    StringJoiner words = new StringJoiner(" ");
    for (int i = 0; i < tokens - SPECIALS; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }
}
