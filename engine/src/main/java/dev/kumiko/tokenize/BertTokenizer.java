package dev.kumiko.tokenize;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.TokenizerDescription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The tokenizer of BERT: clean-up, words, WordPiece, {@code [CLS] first [SEP] second [SEP]}. Gives
 * the ids that Hugging Face {@code tokenizers} gives.
 */
public final class BertTokenizer implements Tokenizer {
  private static final int SPECIALS = 2;
  private static final int PAIR_SPECIALS = 3;

  private final Vocabulary vocabulary;
  private final WordPiece wordPiece;
  private final int clsId;
  private final int sepId;
  private final Map<Integer, String> addedTokens = new HashMap<>();

  /** Normalises a text. */
  private final CharacterMap normalizing;

  /** Leaves a text that is normalised already as it is. */
  private final CharacterMap classifying = new CharacterMap(false, false, false, false);

  private final AddedTokenMatcher rawMatcher;
  private final AddedTokenMatcher normalizedMatcher;

  /**
   * A tokenizer.
   *
   * @throws IllegalArgumentException if an id is not in the vocabulary, if the longest word has
   *     less than one code point, or if nothing is left of an added token
   */
  public BertTokenizer(TokenizerDescription description, Vocabulary vocabulary) {
    this.vocabulary = Objects.requireNonNull(vocabulary, "vocabulary");
    requireId("unknown", description.unknownId());
    if (description.maxInputCharsPerWord() < 1) {
      throw new IllegalArgumentException(
          "a word may have at most %d characters; at least 1 is needed"
              .formatted(description.maxInputCharsPerWord()));
    }
    wordPiece =
        new WordPiece(
            vocabulary,
            description.continuingPrefix(),
            description.unknownId(),
            description.maxInputCharsPerWord());
    normalizing =
        new CharacterMap(
            description.cleanText(),
            description.handleChineseChars(),
            description.stripAccents(),
            description.lowercase());
    Set<String> contents = new HashSet<>();
    for (AddedToken token : description.addedTokens()) {
      requireOneId(token);
      String twin = addedTokens.put(token.id(), token.content());
      if (twin != null || !contents.add(token.content())) {
        throw new IllegalArgumentException(
            "added token %d, \"%s\", has the id or the text of another one"
                .formatted(token.id(), token.content()));
      }
    }
    clsId = description.clsId();
    sepId = description.sepId();
    requireId("[CLS]", clsId);
    requireId("[SEP]", sepId);
    rawMatcher = matcher(description.addedTokens(), false);
    normalizedMatcher = matcher(description.addedTokens(), true);
  }

  @Override
  public Encoding encode(String text, int maxTokens) {
    int room = room(maxTokens, SPECIALS);
    IdBuffer content = content("text", text, room, more(room));
    int length = Math.min(room, content.size());
    int[] ids = new int[length + SPECIALS];
    ids[0] = clsId;
    content.copyTo(ids, 1, length);
    ids[length + 1] = sepId;
    return new Encoding(ids, ids.length, content.size() > room);
  }

  @Override
  public Encoding encodePair(String first, String second, int maxTokens) {
    int room = room(maxTokens, PAIR_SPECIALS);
    // The reference reads each text up to the word that reaches maxTokens, and then compares: this
    // decides which of two long texts gets the odd token.
    IdBuffer firstContent = content("first text", first, room, maxTokens);
    IdBuffer secondContent = content("second text", second, room, maxTokens);
    int a = firstContent.size();
    int b = secondContent.size();
    boolean truncated = b > room || a > room - b;
    if (truncated) {
      int shorter = Math.min(Math.min(a, b), room / 2);
      boolean cutSecond = a <= b;
      a = cutSecond ? shorter : room - shorter;
      b = room - a;
    }
    int[] ids = new int[a + b + PAIR_SPECIALS];
    ids[0] = clsId;
    firstContent.copyTo(ids, 1, a);
    ids[a + 1] = sepId;
    secondContent.copyTo(ids, a + 2, b);
    ids[a + b + 2] = sepId;
    return new Encoding(ids, a + 2, truncated);
  }

  @Override
  public int count(String text) {
    return content("text", text, 0, Integer.MAX_VALUE).size() + SPECIALS;
  }

  @Override
  public int[] contentIds(String text) {
    IdBuffer content = content("text", text, Integer.MAX_VALUE, Integer.MAX_VALUE);
    return content.toArray(content.size());
  }

  @Override
  public Encoding withSpecials(int[] contentIds, int from, int to) {
    Objects.checkFromToIndex(from, to, contentIds.length);
    int length = to - from;
    int[] ids = new int[length + SPECIALS];
    ids[0] = clsId;
    System.arraycopy(contentIds, from, ids, 1, length);
    ids[length + 1] = sepId;
    return new Encoding(ids, ids.length, length < contentIds.length);
  }

  @Override
  public int specials() {
    return SPECIALS;
  }

  @Override
  public int pairSpecials() {
    return PAIR_SPECIALS;
  }

  @Override
  public String token(int id) {
    String added = addedTokens.get(id);
    if (added != null) {
      return added;
    }
    if (id < 0 || id >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "id %d is not in the vocabulary of %d tokens".formatted(id, vocabulary.size()));
    }
    return vocabulary.token(id);
  }

  /**
   * The first {@code kept} ids of a text. Reads up to the word that makes them {@code enough}, but
   * does not stop at an added token, as the reference does not.
   */
  private IdBuffer content(String name, String text, int kept, int enough) {
    WellFormedText.require(name, text);
    IdBuffer ids = new IdBuffer(kept);
    WordEncoder words = new WordEncoder(wordPiece, ids, enough);
    AddedTokenMatcher.Cursor cursor = rawMatcher.find(text);
    int position = 0;
    while (!words.finished() && cursor.next()) {
      encodeSegment(text, position, cursor.start(), words, ids);
      if (!words.finished()) {
        ids.add(cursor.id());
      }
      position = cursor.rest();
    }
    encodeSegment(text, position, text.length(), words, ids);
    return ids;
  }

  private void encodeSegment(String text, int from, int to, WordEncoder words, IdBuffer ids) {
    if (from >= to || words.finished()) {
      return;
    }
    NormalizedText segment = new NormalizedText(normalizing, text, from, to);
    if (normalizedMatcher.isEmpty()) {
      words.encode(segment);
      return;
    }
    String normalized = normalize(segment);
    AddedTokenMatcher.Cursor cursor = normalizedMatcher.find(normalized);
    int position = 0;
    while (!words.finished() && cursor.next()) {
      words.encode(new NormalizedText(classifying, normalized, position, cursor.start()));
      if (!words.finished()) {
        ids.add(cursor.id());
      }
      position = cursor.rest();
    }
    words.encode(new NormalizedText(classifying, normalized, position, normalized.length()));
  }

  private static String normalize(NormalizedText text) {
    StringBuilder normalized = new StringBuilder();
    for (int entry = text.next(); entry != NormalizedText.END; entry = text.next()) {
      if (CharacterMap.kind(entry) == CharacterMap.IDEOGRAPH) {
        normalized.append(' ').appendCodePoint(CharacterMap.codePoint(entry)).append(' ');
      } else {
        normalized.appendCodePoint(CharacterMap.codePoint(entry));
      }
    }
    return normalized.toString();
  }

  private AddedTokenMatcher matcher(List<AddedToken> all, boolean normalized) {
    List<AddedToken> tokens = new ArrayList<>();
    List<String> patterns = new ArrayList<>();
    for (AddedToken token : all) {
      if (token.normalized() == normalized) {
        String content = token.content();
        WellFormedText.require("added token " + token.id(), content);
        String pattern =
            normalized
                ? normalize(new NormalizedText(normalizing, content, 0, content.length()))
                : content;
        if (pattern.isEmpty()) {
          throw new IllegalArgumentException(
              "added token %d, \"%s\", is empty or leaves nothing when normalised"
                  .formatted(token.id(), content));
        }
        tokens.add(token);
        patterns.add(pattern);
      }
    }
    return new AddedTokenMatcher(tokens, patterns);
  }

  private void requireId(String name, int id) {
    if ((id < 0 || id >= vocabulary.size()) && !addedTokens.containsKey(id)) {
      throw new IllegalArgumentException(
          "the %s token has id %d, but the vocabulary has %d tokens"
              .formatted(name, id, vocabulary.size()));
    }
  }

  private void requireOneId(AddedToken token) {
    int id = vocabulary.id(token.content());
    if (id >= 0 && id != token.id()) {
      throw new IllegalArgumentException(
          "added token \"%s\" has id %d, but id %d in the vocabulary"
              .formatted(token.content(), token.id(), id));
    }
    boolean taken = token.id() >= 0 && token.id() < vocabulary.size();
    if (id < 0 && taken && !vocabulary.token(token.id()).isEmpty()) {
      throw new IllegalArgumentException(
          "added token \"%s\" has id %d, which is \"%s\" in the vocabulary"
              .formatted(token.content(), token.id(), vocabulary.token(token.id())));
    }
  }

  private static int room(int maxTokens, int specials) {
    if (maxTokens < specials) {
      throw new IllegalArgumentException(
          "at most %d tokens leave no room for the %d special ones".formatted(maxTokens, specials));
    }
    return maxTokens - specials;
  }

  /** How many ids tell that there are more than {@code room}. */
  private static int more(int room) {
    return room == Integer.MAX_VALUE ? room : room + 1;
  }
}
