package dev.kumiko.tokenize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.format.AddedToken;
import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SpecialTokens;
import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.format.TokenModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two added tokens that strip, next to each other; expected are the ids of tokenizers 0.23.2. */
class StrippingTokensTest {
  private static final String[] TEXTS = {
    "aX\nb", "aX\n\n b", "a\n\n\nb", " \n X \n\nX b", "X \n a"
  };

  /**
   * @param flags whether X strips to the left and right, and whether the line break does
   * @param expected ids for each text; - where the reference fails
   */
  @ParameterizedTest
  @CsvSource({
    "0000, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "0001, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "0010, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "0011, 1 6 5 2 | 1 6 5 2 | 1 5 2 | 5 6 5 6 2 | 6 5 1",
    "0100, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "0101, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "0110, 1 6 2 | - | 1 5 5 5 2 | - | -",
    "0111, 1 6 2 | 1 6 2 | 1 5 2 | 5 6 6 2 | 6 1",
    "1000, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "1001, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "1010, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "1011, 1 6 5 2 | 1 6 5 2 | 1 5 2 | 5 6 5 6 2 | 6 5 1",
    "1100, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "1101, 1 6 5 2 | 1 6 5 5 2 | 1 5 5 5 2 | 5 6 5 5 6 2 | 6 5 1",
    "1110, 1 6 2 | - | 1 5 5 5 2 | - | -",
    "1111, 1 6 2 | 1 6 2 | 1 5 2 | 5 6 6 2 | 6 1"
  })
  void idsEqualTheReference(String flags, String expected) {
    Tokenizer tokenizer =
        Vocabularies.tokenizer(
            Vocabularies.bert(
                new NormalizerStep.Bert(false, false, false, false),
                new TokenModel.WordPiece("##", 100, 0),
                new SpecialTokens(
                    List.of(Piece.first(0)), List.of(Piece.first(0), Piece.second(0))),
                List.of(token(5, "\n", flags.substring(2)), token(6, "X", flags))),
            "[UNK]",
            "a",
            "b",
            "c",
            " ",
            "\n",
            "X");
    String[] cells = expected.split(" \\| ", -1);
    for (int i = 0; i < TEXTS.length; i++) {
      if (!cells[i].equals("-")) {
        List<Integer> ids = new ArrayList<>();
        for (String id : cells[i].split(" ", -1)) {
          ids.add(Integer.valueOf(id));
        }
        String what = flags + ", text " + i;
        assertEquals(ids, Arrays.stream(tokenizer.contentIds(TEXTS[i])).boxed().toList(), what);
      }
    }
  }

  private static AddedToken token(int id, String content, String flags) {
    return new AddedToken(
        id, content, false, flags.charAt(0) == '1', flags.charAt(1) == '1', false, false);
  }
}
