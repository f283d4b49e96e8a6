package dev.kumiko.tools.convert.vocabulary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.tools.convert.ConversionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceFileTest {
  @TempDir private Path folder;

  private static byte[] valid() throws IOException {
    try (InputStream in =
        SentencePieceFileTest.class.getResourceAsStream(
            "/vocabularies/xlmr-bare/sentencepiece.bpe.model")) {
      return in.readAllBytes();
    }
  }

  private SentencePieceFile read(byte[] bytes) throws IOException {
    return SentencePieceFile.read(Files.write(folder.resolve("damaged.model"), bytes));
  }

  @Test
  void namesFileAndByteWhereverItIsCut() throws IOException {
    byte[] valid = valid();
    int refused = 0;
    for (int length = 1; length < valid.length; length++) {
      byte[] cut = Arrays.copyOf(valid, length);
      try {
        read(cut);
      } catch (ConversionException e) {
        String message = e.getMessage();
        assertTrue(message.contains("damaged.model is not a whole SentencePiece model"), message);
        assertTrue(message.contains("near byte "), message);
        refused++;
      }
    }
    // Between two fields of the file itself a cut leaves a shorter, whole message.
    assertTrue(refused > valid.length * 9 / 10, refused + " of " + valid.length);
  }

  @Test
  void endsInAMessageWhateverIsChanged() throws IOException {
    Random random = new Random(1);
    byte[] valid = valid();
    for (int i = 0; i < 2000; i++) {
      byte[] changed = valid.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      try {
        read(changed);
      } catch (ConversionException e) {
        assertTrue(e.getMessage().contains("damaged.model"), e.getMessage());
      }
    }
  }

  @Test
  void believesNoLengthThatIsLongerThanTheFile() {
    // Field 1, two gigabytes long.
    byte[] bomb = {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 1};
    ConversionException refusal = assertThrows(ConversionException.class, () -> read(bomb));
    assertTrue(refusal.getMessage().contains("of 7"), refusal.getMessage());
  }

  @Test
  void readsPiecesTypesAndScores() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {10, 10, 10, 1, 'a', 21, 0, 0, (byte) 0xc0, (byte) 0xbf, 24, 4});
    file.write(new byte[] {18, 2, 24, 2, 26, 4, 18, 2, 7, 9});
    SentencePieceFile model = read(file.toByteArray());
    SentencePieceFile.Piece piece = model.pieces().getFirst();
    assertEquals("a", piece.text());
    assertEquals(-1.5f, piece.score());
    assertTrue(piece.isUserDefined());
    assertEquals(2, model.modelType());
    assertArrayEquals(new byte[] {7, 9}, model.characterMap());
  }
}
