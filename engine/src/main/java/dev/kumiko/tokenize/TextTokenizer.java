package dev.kumiko.tokenize;

import dev.kumiko.format.OffsetTrimming;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.tokenize.added.AddedTokens;
import dev.kumiko.tokenize.model.Vocabulary;
import java.util.Objects;
import java.util.function.Supplier;

/** The ids of texts, cut to length, with the specials around them. */
final class TextTokenizer implements Tokenizer {
  private static final int ALL = Integer.MAX_VALUE;

  private final ContentEncoder encoder;
  private final Supplier<Pipeline> pipeline;
  private final Vocabulary vocabulary;
  private final AddedTokens addedTokens;
  private final Template single;
  private final Template pair;
  private final boolean truncatesLeft;
  private final OffsetTrimming trimming;

  /**
   * A tokenizer.
   *
   * @param pipeline gives the ids that {@code encoder} gives, and their offsets
   * @param truncatesLeft whether what is too long loses its beginning
   * @param trimming whether tokens lie where their blanks lie
   * @throws IllegalArgumentException if a special has no token, or if the templates are not as
   *     {@link SpecialTokens#problem} asks
   */
  TextTokenizer(
      ContentEncoder encoder,
      Supplier<Pipeline> pipeline,
      Vocabulary vocabulary,
      AddedTokens addedTokens,
      SpecialTokens specials,
      boolean truncatesLeft,
      OffsetTrimming trimming) {
    this.encoder = encoder;
    this.pipeline = pipeline;
    this.vocabulary = vocabulary;
    this.addedTokens = addedTokens;
    specials
        .problem()
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    for (SpecialTokens.Piece piece : specials.pair()) {
      requireToken(piece);
    }
    for (SpecialTokens.Piece piece : specials.single()) {
      requireToken(piece);
    }
    this.single = new Template(specials.single());
    this.pair = new Template(specials.pair());
    this.truncatesLeft = truncatesLeft;
    this.trimming = trimming;
  }

  private void requireToken(SpecialTokens.Piece piece) {
    int id = piece.id();
    if (piece.kind() == SpecialTokens.Kind.TOKEN
        && (id < 0 || id >= vocabulary.size())
        && addedTokens.content(id) == null) {
      throw new IllegalArgumentException(
          "a special token has id %d, but the vocabulary has %d tokens"
              .formatted(id, vocabulary.size()));
    }
  }

  @Override
  public Encoding encode(String text, int maxTokens) {
    int room = room(maxTokens, single);
    IdBuffer content = content("text", text, room, more(room));
    int length = Math.min(room, content.size());
    return single.around(kept(content), length, null, 0, content.size() > room);
  }

  @Override
  public OffsetEncoding encodeWithOffsets(String text, int maxTokens) {
    int room = room(maxTokens, single);
    boolean whole = readsWhole(room);
    Spans spans = new Spans(WellFormedText.require("text", text), whole ? ALL : room);
    IdBuffer content =
        pipeline.get().encode(text, whole ? ALL : room, whole ? ALL : more(room), spans);
    int length = Math.min(room, content.size());
    Encoding encoding = single.around(kept(content), length, null, 0, content.size() > room);
    int[] starts = new int[length];
    int[] ends = new int[length];
    kept(spans.starts()).copyTo(starts, 0, length);
    kept(spans.ends()).copyTo(ends, 0, length);
    if (trimming != OffsetTrimming.NONE) {
      trim(text, encoding, starts, ends);
    }
    return new OffsetEncoding(encoding, single.before(), starts, ends);
  }

  private void trim(String text, Encoding encoding, int[] starts, int[] ends) {
    BlankTrimmer trimmer = new BlankTrimmer(text, trimming);
    for (int i = 0; i < starts.length; i++) {
      int id = encoding.ids()[single.before() + i];
      boolean added = addedTokens.content(id) != null;
      // An added token may have taken white space along.
      String token = added ? text.substring(starts[i], ends[i]) : vocabulary.token(id);
      trimmer.trim(token, i, starts, ends);
    }
  }

  @Override
  public Encoding encodePair(String first, String second, int maxTokens) {
    int room = room(maxTokens, pair);
    // The reference reads each text up to the word that reaches maxTokens, and then compares: this
    // decides which of two long texts gets the odd token.
    IdBuffer firstContent = content("first text", first, room, maxTokens);
    IdBuffer secondContent = content("second text", second, room, maxTokens);
    int a = firstContent.size();
    int b = secondContent.size();
    boolean truncated = b > room || a > room - b;
    if (truncated && truncatesLeft) {
      a = read(first, a, maxTokens);
      b = read(second, b, maxTokens);
    }
    if (truncated) {
      int shorter = Math.min(Math.min(a, b), room / 2);
      boolean cutSecond = a <= b;
      a = cutSecond ? shorter : room - shorter;
      b = room - a;
    }
    return pair.around(kept(firstContent), a, kept(secondContent), b, truncated);
  }

  /** How many of a text's ids are read from its end on, up to the word that reaches the limit. */
  private int read(String text, int ids, int maxTokens) {
    int before = Math.max(0, ids - maxTokens);
    while (before > 0 && encoder.encode(text, 0, before).size() != before) {
      before--;
    }
    return ids - before;
  }

  /** The ids at the end that stays. */
  private Template.Ids kept(IdBuffer content) {
    return truncatesLeft ? content::copyLast : content::copyTo;
  }

  @Override
  public int count(String text) {
    return content("text", text, 0, ALL).size() + specials();
  }

  @Override
  public int[] contentIds(String text) {
    IdBuffer content = content("text", text, ALL, ALL);
    return content.toArray(content.size());
  }

  @Override
  public Encoding encodeIds(int[] contentIds, int maxTokens) {
    int length = Math.min(room(maxTokens, single), contentIds.length);
    int from = truncatesLeft ? contentIds.length - length : 0;
    return withSpecials(contentIds, from, from + length);
  }

  @Override
  public Encoding withSpecials(int[] contentIds, int from, int to) {
    Objects.checkFromToIndex(from, to, contentIds.length);
    Template.Ids window =
        (target, offset, length) -> System.arraycopy(contentIds, from, target, offset, length);
    return single.around(window, to - from, null, 0, to - from < contentIds.length);
  }

  @Override
  public int specials() {
    return single.specials();
  }

  @Override
  public int pairSpecials() {
    return pair.specials();
  }

  @Override
  public String token(int id) {
    String added = addedTokens.content(id);
    if (added != null) {
      return added;
    }
    if (id < 0 || id >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "id %d is not in the vocabulary of %d tokens".formatted(id, vocabulary.size()));
    }
    return vocabulary.token(id);
  }

  private IdBuffer content(String name, String text, int kept, int enough) {
    String checked = WellFormedText.require(name, text);
    return readsWhole(kept)
        ? encoder.encode(checked, ALL, ALL)
        : encoder.encode(checked, kept, enough);
  }

  /** The end of a text is known when all of it is read. */
  private boolean readsWhole(int kept) {
    return truncatesLeft && kept > 0;
  }

  private static int room(int maxTokens, Template template) {
    if (maxTokens < template.specials()) {
      throw new IllegalArgumentException(
          "at most %d tokens leave no room for the %d special ones"
              .formatted(maxTokens, template.specials()));
    }
    return maxTokens - template.specials();
  }

  /** How many ids tell that there are more than {@code room}. */
  private static int more(int room) {
    return room == Integer.MAX_VALUE ? room : room + 1;
  }
}
