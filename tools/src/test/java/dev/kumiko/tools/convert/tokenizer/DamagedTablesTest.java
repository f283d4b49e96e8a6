package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.TokenizerTables;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.Tokenizers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A tokenizer with a damaged table is refused by the table's name, or it does its work. */
class DamagedTablesTest {
  private static final String TEXT = "Don't [MASK] e\u0301 \uFB01 \u00A0\u0301 字 🙂 123\r\n▁roof";

  private static final String LEALLA = "the original LEALLA's";

  private static final Map<String, TokenizerJson.Tokenizer> TOKENIZERS = new HashMap<>();

  @Property(tries = 400)
  void isRefusedOrHarmless(
      @ForAll("tokenizers") String name,
      @ForAll @IntRange(min = 0, max = 4) int table,
      @ForAll int place,
      @ForAll int value)
      throws IOException {
    if (!TOKENIZERS.containsKey(name)) {
      TOKENIZERS.put(name, whole(name));
    }
    TokenizerJson.Tokenizer whole = TOKENIZERS.get(name);
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizers.of(whole.description(), damaged(whole.tables(), table, place, value));
    } catch (ModelFormatException e) {
      assertTrue(e.getMessage().contains(": " + e.tensor()), e.getMessage());
      assertFalse(e.tensor().isEmpty() && !e.getMessage().contains("added token"), e.getMessage());
      return;
    }
    for (int id : tokenizer.encode(TEXT, Integer.MAX_VALUE).ids()) {
      assertNotNull(tokenizer.token(id));
    }
  }

  private static TokenizerJson.Tokenizer whole(String name) throws IOException {
    if (name.equals(LEALLA)) {
      return OriginalLealla.of(TokenizerJson.read(Resources.json(Resources.place("labse"))), name);
    }
    return TokenizerJson.read(Resources.json(Resources.place(name)));
  }

  @Provide
  Arbitrary<String> tokenizers() {
    return Arbitraries.of(List.of("xlmr-unigram", "llama3", "unigram-bytes", "clip", LEALLA));
  }

  private static TokenizerTables damaged(TokenizerTables tables, int table, int place, int value) {
    byte[] bytes = tables.vocabularyBytes().clone();
    int[] offsets = tables.vocabularyOffsets().clone();
    double[] scores = tables.scores().clone();
    int[] merges = tables.merges().clone();
    byte[] map = tables.characterMap().clone();
    switch (table) {
      case 0 -> bytes[index(place, bytes.length)] = (byte) value;
      case 1 -> offsets[index(place, offsets.length)] += value % 5;
      case 2 -> {
        if (scores.length > 0) {
          scores[index(place, scores.length)] = Float.intBitsToFloat(value);
        }
      }
      case 3 -> {
        if (merges.length > 0) {
          merges[index(place, merges.length)] = value % 1000;
        }
      }
      default -> {
        if (map.length > 0) {
          map[index(place, map.length)] = (byte) value;
        }
      }
    }
    return new TokenizerTables("damaged", bytes, offsets, scores, merges, map);
  }

  private static int index(int place, int length) {
    return Math.floorMod(place, length);
  }
}
