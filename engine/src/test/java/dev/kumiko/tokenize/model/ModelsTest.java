package dev.kumiko.tokenize.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.TokenModel;
import dev.kumiko.tokenize.IdBuffer;
import dev.kumiko.tokenize.Vocabularies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words become ids. */
class ModelsTest {
  private static int[] ids(WordModel model, String... words) {
    IdBuffer ids = new IdBuffer(Integer.MAX_VALUE);
    WordModel.WordEncoder encoder = model.encoder(ids);
    for (String word : words) {
      byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
      encoder.encode(Arrays.copyOf(utf8, utf8.length + 3), utf8.length);
    }
    return ids.toArray(ids.size());
  }

  private static Unigram unigram(boolean byteFallback, double[] scores, String... pieces) {
    return new Unigram(new TokenModel.Unigram(0, byteFallback), Vocabularies.of(pieces), scores);
  }

  private static Bpe bpe(TokenModel.Bpe settings, int[] merges, String... tokens) {
    return new Bpe(settings, Vocabularies.of(tokens), merges);
  }

  private static TokenModel.Bpe plain(int unknownId, boolean fuse, boolean ignoreMerges) {
    OptionalInt unknown = unknownId < 0 ? OptionalInt.empty() : OptionalInt.of(unknownId);
    return new TokenModel.Bpe(unknown, "", "", fuse, false, ignoreMerges);
  }

  @Test
  void unigramTakesTheLargestSum() {
    Unigram model =
        unigram(
            false,
            new double[] {0, 0, 0, 0, 0, 1, 2, 5, 10},
            "<unk>",
            "a",
            "b",
            "c",
            "d",
            "cd",
            "ab",
            "abc",
            "abcd");
    assertArrayEquals(new int[] {8, 1, 5, 0}, ids(model, "abcdacdxx"));
  }

  @Test
  void unigramJoinsUnknownCharacters() {
    Unigram model = unigram(false, new double[] {0, -1, -100}, "<unk>", "a", "xy");
    assertArrayEquals(new int[] {0, 1, 0}, ids(model, "xßa🙂🙂"));
    // Taken apart, because less unlikely; joined again, it is a piece after all.
    assertArrayEquals(
        new int[] {2},
        ids(unigram(false, new double[] {0, -1, -1000, 500}, "<unk>", "a", "xy", "<"), "xy"));
    // The unknown token's own text is unknown too.
    assertArrayEquals(new int[] {0}, ids(model, "<unk>ß"));
  }

  @Test
  void unigramSpellsUnknownCharactersIfAllBytesHaveTokens() {
    Unigram model = unigram(true, new double[] {0, -1, -2, -3}, "<unk>", "a", "<0xC3>", "<0x9F>");
    assertArrayEquals(new int[] {2, 3, 1}, ids(model, "ßa"));
    assertArrayEquals(new int[] {0, 1}, ids(model, "ßöa"));
  }

  @Test
  void bpeMergesInOrder() {
    // ab before bc, whatever comes first in the word.
    int[] merges = {1, 2, 4, 0, 1, 5};
    Bpe model = bpe(plain(-1, false, false), merges, "a", "b", "c", "d", "bc", "ab");
    assertArrayEquals(new int[] {0, 4}, ids(model, "abc"));
    assertArrayEquals(new int[] {5, 3, 5}, ids(model, "abdab"));
    assertArrayEquals(new int[] {3, 0}, ids(model, "dxa"));
  }

  @Test
  void bpeTellsUnknownCharacters() {
    int[] none = {};
    assertArrayEquals(new int[] {1, 0, 0}, ids(bpe(plain(0, false, false), none, "?", "a"), "axy"));
    assertArrayEquals(new int[] {1, 0, 1}, ids(bpe(plain(0, true, false), none, "?", "a"), "axya"));
    assertArrayEquals(new int[] {1, 1}, ids(bpe(plain(-1, true, false), none, "?", "a"), "axya"));
  }

  @Test
  void bpeFallsBackToBytes() {
    TokenModel.Bpe settings = new TokenModel.Bpe(OptionalInt.of(0), "", "", true, true, false);
    Bpe model = bpe(settings, new int[0], "?", "a", "<0xC3>", "<0x9F>");
    assertArrayEquals(new int[] {1, 2, 3, 1}, ids(model, "aßa"));
    // An unknown character before one that is spelt comes behind it: so it does in the reference.
    assertArrayEquals(new int[] {2, 3, 0}, ids(model, "öß"));
  }

  @Test
  void bpeMarksCharactersByTheirPlace() {
    TokenModel.Bpe settings =
        new TokenModel.Bpe(OptionalInt.of(0), "##", "</w>", false, false, false);
    Bpe model = bpe(settings, new int[] {1, 3, 4}, "?", "a", "##a", "##a</w>", "aa</w>", "a</w>");
    assertArrayEquals(new int[] {4}, ids(model, "aa"));
    assertArrayEquals(new int[] {1, 2, 3}, ids(model, "aaa"));
    assertArrayEquals(new int[] {5}, ids(model, "a"));
  }

  @Test
  void bpeTakesAWordThatIsATokenWhole() {
    assertArrayEquals(
        new int[] {2}, ids(bpe(plain(-1, false, true), new int[0], "a", "b", "ab"), "ab"));
    assertArrayEquals(
        new int[] {0, 1}, ids(bpe(plain(-1, false, false), new int[0], "a", "b", "ab"), "ab"));
  }

  @Test
  void aLongWordIsNoHardWork() {
    Bpe model = bpe(plain(-1, false, false), new int[] {0, 0, 1, 1, 1, 2}, "a", "aa", "aaaa");
    int[] ids = ids(model, "a".repeat(400_002));
    assertEquals(100_001, ids.length);
    assertEquals(1, ids[100_000]);
  }

  /**
   * Without a split, as SentencePiece's byte-pair encoding is used, a text is one word. Of n
   * characters n - 1 pairs can be due at first, and two more behind each of the fewer than n
   * merges: 3 n ways through a heap of at most so many, which is O(n log n).
   */
  @ParameterizedTest
  @ValueSource(ints = {100_000, 800_000})
  void aWholeTextAsOneWordQueuesAFewMergesForEachCharacter(int length) {
    String letters = "etaoinsh";
    List<String> tokens = new ArrayList<>(List.of("?", "▁"));
    List<Integer> merges = new ArrayList<>();
    letters.chars().forEach(letter -> tokens.add(Character.toString(letter)));
    // All words of up to four letters, each made of a shorter one and a letter.
    for (int first = 2, end = tokens.size(), size = 1; size < 4; size++) {
      for (int shorter = first; shorter < end; shorter++) {
        for (int letter = 2; letter < 2 + letters.length(); letter++) {
          merges.addAll(List.of(shorter, letter, tokens.size()));
          tokens.add(tokens.get(shorter) + tokens.get(letter));
        }
      }
      first = end;
      end = tokens.size();
    }
    int[] stored = merges.stream().mapToInt(Integer::intValue).toArray();
    Bpe model = bpe(plain(0, true, false), stored, tokens.toArray(String[]::new));
    Random random = new Random(5);
    StringBuilder mixed = new StringBuilder();
    while (mixed.length() < length) {
      mixed.append(random.nextInt(6) == 0 ? '▁' : letters.charAt(random.nextInt(8)));
    }
    for (String text : List.of(mixed.toString(), "e".repeat(length), "et".repeat(length / 2))) {
      IdBuffer ids = new IdBuffer(Integer.MAX_VALUE);
      WordModel.WordEncoder encoder = model.encoder(ids);
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      encoder.encode(utf8, utf8.length);
      StringBuilder spelt = new StringBuilder();
      for (int id : ids.toArray(ids.size())) {
        spelt.append(tokens.get(id));
      }
      assertEquals(text, spelt.toString());
      assertTrue(ids.size() < 0.9 * length, ids.size() + " tokens");
      long queued = Bpe.queued(encoder);
      assertTrue(queued >= length - ids.size(), queued + " merges");
      assertTrue(queued < 3L * length, queued + " merges");
    }
  }

  /** Byte-pair encoding as the paper has it: again and again the first merge, everywhere. */
  @Property
  void bpeIsWhatThePaperSays(
      @ForAll @StringLength(max = 40) @CharRange(from = 'a', to = 'c') String word) {
    String[] tokens = {"a", "b", "c", "ab", "bc", "abc", "aa", "aab", "cab"};
    int[] merges = {0, 1, 3, 1, 2, 4, 3, 2, 5, 0, 0, 6, 0, 3, 7, 2, 3, 8};
    String spaced = String.join(" ", word.split(""));
    boolean merged = true;
    while (merged) {
      merged = false;
      for (int i = 0; i < merges.length && !merged; i += 3) {
        String pair = " " + tokens[merges[i]] + " " + tokens[merges[i + 1]] + " ";
        String text = " " + spaced + " ";
        int place = text.indexOf(pair);
        if (place >= 0) {
          String joined = " " + tokens[merges[i + 2]] + " ";
          spaced =
              (text.substring(0, place) + joined + text.substring(place + pair.length())).strip();
          merged = true;
        }
      }
    }
    int[] expected =
        word.isEmpty()
            ? new int[0]
            : Arrays.stream(spaced.split(" "))
                .mapToInt(token -> Arrays.asList(tokens).indexOf(token))
                .toArray();
    assertArrayEquals(expected, ids(bpe(plain(-1, false, false), merges, tokens), word));
  }

  @Test
  void tokensMadeToCollideAreRefused() {
    // FNV-1a of 32 bits: bytes that cancel out the hash so far lead back to the same state.
    String[] tokens = new String[3000];
    int found = 0;
    for (int i = 0; found < tokens.length; i++) {
      String token = Integer.toString(i, 36);
      byte[] utf8 = token.getBytes(StandardCharsets.UTF_8);
      int hash = Vocabulary.hash(Vocabulary.EMPTY_HASH, utf8, 0, utf8.length);
      if ((hash * 0x9E3779B1) >>> 19 == 1) {
        tokens[found++] = token;
      }
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> Vocabularies.of(tokens)).getMessage();
    assertTrue(message.contains("more than 1000 tokens"), message);
  }
}
