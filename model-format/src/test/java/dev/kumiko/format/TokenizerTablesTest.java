package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.SpecialTokens.Piece;
import dev.kumiko.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of a tokenizer in a file. */
class TokenizerTablesTest {
  private static final TokenizerDescription UNIGRAM =
      description(new TokenModel.Unigram(0, false), List.of(NormalizerStep.Simple.PRECOMPILED));
  private static final TokenizerDescription BPE =
      description(new TokenModel.Bpe(OptionalInt.empty(), "", "", false, false, false), List.of());

  private static final TokenizerTables TABLES =
      TokenizerTables.of(
          "here",
          List.of("é", "", "abc"),
          new double[] {-1.5, Math.PI, -0.0},
          new int[] {0, 1, 2, 2, 1, 0},
          new byte[] {4, 0, 0, 0, 9});

  @TempDir Path directory;

  private static TokenizerDescription description(
      TokenModel model, List<NormalizerStep> normalizers) {
    SpecialTokens specials =
        new SpecialTokens(List.of(Piece.first(0)), List.of(Piece.first(0), Piece.second(0)));
    return new TokenizerDescription(normalizers, List.of(), model, specials, List.of());
  }

  private Path write(TokenizerDescription description) throws IOException {
    ModelWriter writer = new ModelWriter(directory.resolve("t.safetensors"));
    TABLES.addTo(writer, description);
    writer.write();
    return directory.resolve("t.safetensors");
  }

  @Test
  void comeBack() throws IOException {
    try (ModelFile file = ModelFile.open(write(UNIGRAM))) {
      TokenizerTables read = TokenizerTables.read(file, UNIGRAM, 3);
      assertEquals(file.source(), read.source());
      assertEquals(3, read.tokens());
      assertArrayEquals(TABLES.vocabularyBytes(), read.vocabularyBytes());
      assertArrayEquals(new int[] {0, 2, 2, 5}, read.vocabularyOffsets());
      assertArrayEquals(TABLES.scores(), read.scores());
      assertArrayEquals(TABLES.characterMap(), read.characterMap());
      assertEquals(0, read.merges().length);
      assertTrue(file.find(TokenizerDescription.MERGES).isEmpty());
    }
    try (ModelFile file = ModelFile.open(write(BPE))) {
      TokenizerTables read = TokenizerTables.read(file, BPE, 3);
      assertArrayEquals(TABLES.merges(), read.merges());
      assertEquals(List.of(2L, 3L), file.tensor(TokenizerDescription.MERGES).shape());
      assertEquals(0, read.scores().length);
      assertEquals(0, read.characterMap().length);
    }
  }

  @Test
  void anAbsentTableIsNamed() throws IOException {
    try (ModelFile file = ModelFile.open(write(BPE))) {
      assertEquals(
          TokenizerDescription.SCORES,
          assertThrows(ModelFormatException.class, () -> TokenizerTables.read(file, UNIGRAM, 3))
              .tensor());
    }
    try (ModelFile file = ModelFile.open(write(UNIGRAM))) {
      assertEquals(
          TokenizerDescription.MERGES,
          assertThrows(ModelFormatException.class, () -> TokenizerTables.read(file, BPE, 3))
              .tensor());
    }
  }

  @Test
  void anotherTypeOrShapeIsNamed() throws IOException {
    assertRefused(
        UNIGRAM,
        TokenizerDescription.SCORES,
        "F32 [3], expected F64",
        w -> w.floats(TokenizerDescription.SCORES, new float[3], 3));
    assertRefused(
        BPE,
        TokenizerDescription.MERGES,
        "I32 [6], expected the shape [6, 3]",
        w -> w.ints(TokenizerDescription.MERGES, new int[6], 6));
    assertRefused(
        BPE,
        TokenizerDescription.MERGES,
        "I32 [], expected the shape [0, 3]",
        w -> w.ints(TokenizerDescription.MERGES, new int[1]));
  }

  private void assertRefused(
      TokenizerDescription description,
      String tensor,
      String message,
      java.util.function.Consumer<ModelWriter> bad)
      throws IOException {
    Path path = directory.resolve("bad.safetensors");
    ModelWriter writer = new ModelWriter(path);
    byte[] none = new DeflatedTokens(new byte[0], new int[1]).deflate();
    writer.bytes(TokenizerDescription.VOCABULARY, DType.U8, none, none.length);
    bad.accept(writer);
    writer.write();
    try (ModelFile file = ModelFile.open(path)) {
      ModelFormatException e =
          assertThrows(
              ModelFormatException.class, () -> TokenizerTables.read(file, description, 3));
      assertEquals(tensor, e.tensor());
      assertTrue(e.getMessage().contains(message), e.getMessage());
    }
  }
}
