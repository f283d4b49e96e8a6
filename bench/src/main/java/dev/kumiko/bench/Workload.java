package dev.kumiko.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;

/**
 * The texts of a benchmark, made from words that are one token each, so that the number of tokens
 * is the number of words and the two special ones.
 */
enum Workload {
  /** One text. */
  S16("one text of 16 tokens"),
  /** One text. */
  S64("one text of 64 tokens"),
  /** One text. */
  S128("one text of 128 tokens"),
  /** One text. */
  S256("one text of 256 tokens"),
  /** A batch of sentences. */
  B("256 sentences of natural lengths"),
  /** A queue in which a long text now and then stands among short ones. */
  M("100 texts: 9 of 10 short, 1 of 10 of 256 tokens"),
  /** Long texts only. */
  L("64 texts of 256 tokens");

  static final int LONGEST = 256;

  private static final int SPECIALS = 2;
  private static final int SHORTEST = 5;
  private static final int MEDIAN = 19;
  private static final double SPREAD = 0.5;
  private static final int SHORT_FROM = 8;
  private static final int SHORT_TO = 24;

  private static final String[] WORDS = {
    "the", "roof", "of", "a", "house", "rests", "on", "walls", "and", "wood", "is", "cut", "to",
    "fit", "without", "one", "nail", "water", "runs", "down", "stone", "in", "winter", "light",
    "falls", "through", "paper", "windows", "old", "tools", "were", "made", "by", "hand", "for",
    "every", "joint", "there", "was", "name"
  };

  private final String description;

  Workload(String description) {
    this.description = description;
  }

  /** Returns what the texts are. */
  String description() {
    return description;
  }

  /** Returns the short name. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the workload of a short name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Workload of(String id) {
    List<String> ids = Arrays.stream(values()).map(Workload::id).toList();
    if (!ids.contains(id)) {
      throw new IllegalArgumentException("'" + id + "' is no workload; there are " + ids);
    }
    return values()[ids.indexOf(id)];
  }

  /** Returns the texts, the same in every run. */
  List<String> texts() {
    Random random = new Random(42);
    return switch (this) {
      case S16 -> List.of(text(16, random));
      case S64 -> List.of(text(64, random));
      case S128 -> List.of(text(128, random));
      case S256 -> List.of(text(256, random));
      case B -> sentences(256);
      case M -> mixed(random);
      case L -> texts(64, LONGEST, random);
    };
  }

  /**
   * Returns sentences of natural lengths, the same in every run: log-normal with a median of 19
   * tokens, which gives a mean of 21, and 8 to 46 for nine tenths of them.
   */
  static List<String> sentences(int count) {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long tokens = Math.round(MEDIAN * Math.exp(SPREAD * random.nextGaussian()));
      texts.add(text(Math.clamp(tokens, SHORTEST, LONGEST), random));
    }
    return texts;
  }

  /** Each ten in the queue have one long text, at any place. */
  private static List<String> mixed(Random random) {
    List<String> texts = new ArrayList<>();
    for (int ten = 0; ten < 10; ten++) {
      int place = random.nextInt(10);
      for (int i = 0; i < 10; i++) {
        int tokens = SHORT_FROM + random.nextInt(SHORT_TO - SHORT_FROM + 1);
        texts.add(text(i == place ? LONGEST : tokens, random));
      }
    }
    return texts;
  }

  private static List<String> texts(int count, int tokens, Random random) {
    List<String> texts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text(tokens, random));
    }
    return texts;
  }

  /** Returns a text of so many tokens. */
  static String text(int tokens, Random random) {
    StringJoiner words = new StringJoiner(" ");
    for (int i = 0; i < tokens - SPECIALS; i++) {
      words.add(WORDS[random.nextInt(WORDS.length)]);
    }
    return words.toString();
  }

  /** Returns how many tokens texts have that are made of such words. */
  static long tokens(List<String> texts) {
    long tokens = 0;
    for (String text : texts) {
      tokens += SPECIALS + 1 + text.chars().filter(c -> c == ' ').count();
    }
    return tokens;
  }
}
