package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Composition;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.table.TokenTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Composed token tables of every kind, against dense tables that hold the composed rows. */
class ComposedTableTest {
  private static final int TOKENS = 3640;
  private static final int HIDDEN = 48;

  /** The last part takes the rest. */
  private static final int[] WIDTHS = {9, 9, 9, 9, 12};

  private static final int[] OWN_ROWS = {0, 2, 3};

  /** A kind of table. */
  enum Kind {
    CONTEXT(Assignment.CONTEXT, 200, false, false),
    CONTEXT_WIDE(Assignment.CONTEXT, 300, false, false),
    CONTEXT_INT8(Assignment.CONTEXT, 200, true, false),
    CONTEXT_OWN_ROWS(Assignment.CONTEXT, 200, false, true),
    CARTESIAN(Assignment.CARTESIAN, 6, false, false),
    CARTESIAN_ORDERED(Assignment.CARTESIAN, 6, true, true);

    final Assignment assignment;
    final int size;
    final boolean int8;
    final boolean ownRows;

    Kind(Assignment assignment, int size, boolean int8, boolean ownRows) {
      this.assignment = assignment;
      this.size = size;
      this.int8 = int8;
      this.ownRows = ownRows;
    }
  }

  @TempDir Path folder;

  private final Random random = new Random(5);
  private Path model;

  /** The slow reference, {@code [tokens][hidden]}. */
  private final float[] rows = new float[TOKENS * HIDDEN];

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
  }

  private ModelCopy composed(Kind kind) {
    Composition composition = new Composition(kind.assignment, WIDTHS.length, true);
    ModelCopy copy =
        new ModelCopy(model)
            .metadata(Composition.METADATA, composition.toMetadata())
            .without(TensorNames.TOKEN_EMBEDDINGS);
    int[] codes = kind.assignment == Assignment.CONTEXT ? stored(kind, copy) : computed(kind, copy);
    int start = 0;
    for (int f = 0; f < WIDTHS.length; f++) {
      float[] vectors = part(kind, copy, f);
      for (int token = 0; token < TOKENS; token++) {
        for (int i = 0; i < WIDTHS[f]; i++) {
          int code = codes[token * WIDTHS.length + f];
          rows[token * HIDDEN + start + i] = vectors[code * WIDTHS[f] + i];
        }
      }
      start += WIDTHS[f];
    }
    if (kind.ownRows) {
      ownRows(copy);
    }
    return copy;
  }

  private int[] stored(Kind kind, ModelCopy copy) {
    boolean wide = kind.size > 256;
    int[] codes = new int[TOKENS * WIDTHS.length];
    ByteBuffer bytes = ByteBuffer.allocate(codes.length * (wide ? 2 : 1));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = random.nextInt(kind.size);
      if (wide) {
        bytes.putShort((short) codes[i]);
      } else {
        bytes.put((byte) codes[i]);
      }
    }
    copy.with(
        TensorNames.TOKEN_CODES,
        writer ->
            writer.bytes(
                TensorNames.TOKEN_CODES,
                wide ? DType.U16 : DType.U8,
                bytes.array(),
                TOKENS,
                WIDTHS.length));
    return codes;
  }

  private int[] computed(Kind kind, ModelCopy copy) {
    int[] order = new int[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      order[i] = kind == Kind.CARTESIAN_ORDERED ? TOKENS - 1 - i : i;
    }
    if (kind == Kind.CARTESIAN_ORDERED) {
      copy.with(
          TensorNames.TOKEN_ORDER, writer -> writer.ints(TensorNames.TOKEN_ORDER, order, TOKENS));
    }
    int[] codes = new int[TOKENS * WIDTHS.length];
    for (int token = 0; token < TOKENS; token++) {
      for (int f = 0; f < WIDTHS.length; f++) {
        double digits = Math.floor(order[token] / Math.pow(kind.size, f));
        codes[token * WIDTHS.length + f] = (int) (digits % kind.size);
      }
    }
    return codes;
  }

  private float[] part(Kind kind, ModelCopy copy, int f) {
    String part = TensorNames.composedPart(f);
    String name = TensorNames.weight(part);
    float[] vectors = new float[kind.size * WIDTHS[f]];
    if (!kind.int8) {
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = (float) random.nextGaussian(0, 0.1);
      }
      copy.with(name, writer -> writer.floats(name, vectors, kind.size, WIDTHS[f]));
      return vectors;
    }
    byte[] elements = new byte[vectors.length];
    float[] scales = new float[kind.size];
    random.nextBytes(elements);
    for (int i = 0; i < elements.length; i++) {
      int row = i / WIDTHS[f];
      scales[row] = 1e-3f * (row + 1) / kind.size;
      vectors[i] = elements[i] * scales[row];
    }
    copy.with(name, writer -> writer.bytes(name, DType.I8, elements, kind.size, WIDTHS[f]));
    String scale = TensorNames.scale(part);
    copy.with(scale, writer -> writer.floats(scale, scales, kind.size, 1));
    return vectors;
  }

  private void ownRows(ModelCopy copy) {
    float[] own = new float[OWN_ROWS.length * HIDDEN];
    for (int i = 0; i < own.length; i++) {
      own[i] = random.nextFloat();
      rows[OWN_ROWS[i / HIDDEN] * HIDDEN + i % HIDDEN] = own[i];
    }
    String ids = TensorNames.OWN_ROW_IDS;
    copy.with(ids, writer -> writer.ints(ids, OWN_ROWS, OWN_ROWS.length));
    String weight = TensorNames.weight(TensorNames.OWN_ROWS);
    copy.with(weight, writer -> writer.floats(weight, own, OWN_ROWS.length, HIDDEN));
  }

  private Path dense() throws IOException {
    String table = TensorNames.TOKEN_EMBEDDINGS;
    return new ModelCopy(model)
        .with(table, writer -> writer.floats(table, rows, TOKENS, HIDDEN))
        .write(folder.resolve("dense.safetensors"));
  }

  @ParameterizedTest
  @EnumSource
  void everyRowEqualsTheSlowReference(Kind kind) throws IOException {
    Path path = composed(kind).write(folder.resolve("composed.safetensors"));
    TokenTable opened;
    try (ModelFile file = ModelFile.open(path)) {
      opened = TokenTable.open(file, TOKENS, HIDDEN);
    }
    float[] actual = new float[TOKENS * HIDDEN];
    try (TokenTable table = opened) {
      assertEquals(TOKENS, table.tokens());
      assertEquals(HIDDEN, table.hiddenSize());
      for (int token = 0; token < TOKENS; token++) {
        table.copy(token, actual, token * HIDDEN);
      }
    }
    assertArrayEquals(rows, actual);
  }

  @ParameterizedTest
  @EnumSource
  void vectorsEqualThoseOfADenseModelWithTheSameRows(Kind kind) throws IOException {
    Path path = composed(kind).write(folder.resolve("composed.safetensors"));
    List<String> texts = new ArrayList<>(Fixture.open("bert-mean").texts());
    try (Embedder dense = Embedder.load(dense());
        Embedder composed = Embedder.load(path)) {
      Vectors.assertSame(dense.embedAll(texts), composed.embedAll(texts), kind.toString());
    }
  }

  @Test
  void aCodeOutOfRangeIsRefusedOnLoading() throws IOException {
    ModelCopy copy = composed(Kind.CONTEXT);
    byte[] codes = new byte[TOKENS * WIDTHS.length];
    codes[7 * WIDTHS.length + 3] = (byte) 200;
    String name = TensorNames.TOKEN_CODES;
    copy.with(name, writer -> writer.bytes(name, DType.U8, codes, TOKENS, WIDTHS.length));
    Path path = copy.write(folder.resolve("bad.safetensors"));
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> Embedder.load(path).close());
    assertEquals(name, e.tensor());
    assertTrue(e.getMessage().contains("token 7 has the code 200 in part 3"), e.getMessage());
  }

  @Test
  void aPartOfTheWrongWidthIsRefusedOnLoading() throws IOException {
    ModelCopy copy = composed(Kind.CARTESIAN);
    String name = TensorNames.weight(TensorNames.composedPart(4));
    copy.with(name, writer -> writer.floats(name, new float[66], 6, 11));
    Path path = copy.write(folder.resolve("bad.safetensors"));
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> Embedder.load(path).close());
    assertEquals(name, e.tensor());
    assertTrue(e.getMessage().contains("47 components"), e.getMessage());
  }
}
