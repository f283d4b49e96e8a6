package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four tokens of five components, in two parts of 2 and 3 components. */
class ComposedTableTest {
  private static final int TOKENS = 4;
  private static final int HIDDEN = 5;
  private static final String FIRST = "embeddings.token.parts.0.weight";
  private static final String LAST = "embeddings.token.parts.1.weight";
  private static final String CONTEXT =
      "{\"kind\":\"composed\",\"assignment\":\"context\",\"parts\":2,\"distinct\":true}";

  @TempDir Path folder;

  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("composed.safetensors");
  }

  private ModelWriter writer(String composition) {
    return new ModelWriter(path).metadata(Composition.METADATA, composition);
  }

  /** Two sub-vectors in the first part, three in the last. */
  private ModelWriter parts(String composition) {
    return writer(composition)
        .floats(FIRST, new float[] {1, 2, 3, 4}, 2, 2)
        .floats(LAST, new float[] {5, 6, 7, 8, 9, 10, 11, 12, 13}, 3, 3);
  }

  private static void codes(ModelWriter writer, int... codes) {
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      bytes[i] = (byte) codes[i];
    }
    writer.bytes(TensorNames.TOKEN_CODES, DType.U8, bytes, TOKENS, 2);
  }

  private static ComposedTable read(ModelFile file) throws ModelFormatException {
    return ComposedTable.read(file, TOKENS, HIDDEN);
  }

  private void refused(ModelWriter writer, Reason reason, String tensor, String message)
      throws IOException {
    writer.write();
    try (ModelFile file = ModelFile.open(path)) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> read(file).codes(file));
      assertTrue(e.getMessage().startsWith(path + ": "), e.getMessage());
      assertTrue(e.getMessage().contains(message), e.getMessage());
      assertEquals(reason, e.reason());
      assertEquals(tensor, e.tensor());
    }
  }

  @Test
  void readsStoredCodes() throws IOException {
    ModelWriter writer = parts(CONTEXT);
    codes(writer, 0, 2, 1, 2, 1, 0, 0, 1);
    writer.write();
    try (ModelFile file = ModelFile.open(path)) {
      ComposedTable table = read(file);
      TokenCodes codes = table.codes(file);
      assertEquals(0, codes.code(0, 0));
      assertEquals(2, codes.code(0, 1));
      assertEquals(1, codes.code(2, 0));
      assertEquals(1, codes.code(3, 1));
      assertEquals(2, table.width(0));
      assertEquals(3, table.size(1));
      assertArrayEquals(new float[] {1, 2, 3, 4}, table.vectors(0));
      assertEquals(0, table.ownRowIds().length);
    }
  }

  @Test
  void readsWideCodesAndInt8Vectors() throws IOException {
    int size = 60_000;
    ByteBuffer codes = ByteBuffer.allocate(2 * TOKENS * 2).order(ByteOrder.LITTLE_ENDIAN);
    codes.putShort(14, (short) 59_999);
    codes.putShort(2, (short) 1).putShort(6, (short) 1).putShort(4, (short) 2);
    codes.putShort(10, (short) 3);
    float[] scales = new float[size];
    Arrays.fill(scales, 0.5f);
    byte[] elements = new byte[3 * size];
    elements[3 * size - 1] = -3;
    writer(CONTEXT)
        .floats(FIRST, new float[2 * size], size, 2)
        .bytes(LAST, DType.I8, elements, size, 3)
        .floats("embeddings.token.parts.1.weight_scale", scales, size, 1)
        .bytes(TensorNames.TOKEN_CODES, DType.U16, codes.array(), TOKENS, 2)
        .write();
    try (ModelFile file = ModelFile.open(path)) {
      ComposedTable table = read(file);
      assertEquals(59_999, table.codes(file).code(3, 1));
      assertEquals(-1.5f, table.vectors(1)[3 * size - 1]);
    }
  }

  @Test
  void refusesACodeWithoutASubVector() throws IOException {
    ModelWriter writer = parts(CONTEXT);
    codes(writer, 0, 0, 0, 1, 0, 3, 1, 1);
    refused(
        writer,
        Reason.VALUE_OUT_OF_RANGE,
        TensorNames.TOKEN_CODES,
        "token 2 has the code 3 in part 1, which has 3 vectors");
  }

  @Test
  void refusesTheSameCodesTwiceOnlyWhereTheyAreSaidToBeDistinct() throws IOException {
    int[] twice = {0, 1, 1, 1, 0, 0, 1, 1};
    ModelWriter writer = parts(CONTEXT);
    codes(writer, twice);
    refused(
        writer,
        Reason.VALUE_OUT_OF_RANGE,
        TensorNames.TOKEN_CODES,
        "tokens 1 and 3 have the same codes");
    ModelWriter allowed = parts(CONTEXT.replace("true", "false"));
    codes(allowed, twice);
    allowed.write();
    try (ModelFile file = ModelFile.open(path)) {
      assertEquals(1, read(file).codes(file).code(3, 1));
    }
    ModelWriter ownRow = parts(CONTEXT);
    codes(ownRow, twice);
    ownRow.ints(TensorNames.OWN_ROW_IDS, new int[] {3}, 1);
    ownRow.floats("embeddings.token.own.weight", new float[] {1, 2, 3, 4, 5}, 1, HIDDEN).write();
    try (ModelFile file = ModelFile.open(path)) {
      assertEquals(1, read(file).codes(file).code(1, 1));
      assertArrayEquals(new int[] {3}, read(file).ownRowIds());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5}, read(file).ownRows());
    }
  }

  @Test
  void refusesPartsThatDoNotAddUp() throws IOException {
    ModelWriter little =
        writer(CONTEXT).floats(FIRST, new float[4], 2, 2).floats(LAST, new float[4], 2, 2);
    refused(
        little,
        Reason.UNEXPECTED_TENSOR,
        LAST,
        "parts 0 to 1 have 4 components, but all 2 parts must have 5");
    ModelWriter much = writer(CONTEXT).floats(FIRST, new float[12], 2, 6);
    refused(much, Reason.UNEXPECTED_TENSOR, FIRST, "parts 0 to 0 have 6 components");
    ModelWriter empty = writer(CONTEXT).floats(FIRST, new float[0], 2, 0);
    refused(empty, Reason.UNEXPECTED_TENSOR, FIRST, "have 0 components");
    ModelWriter none = writer(CONTEXT).floats(FIRST, new float[0], 0, 2);
    refused(none, Reason.UNEXPECTED_TENSOR, FIRST, "with 1 to 65,536 vectors");
    ModelWriter absent = writer(CONTEXT).floats(FIRST, new float[4], 2, 2);
    refused(absent, Reason.MISSING_TENSOR, LAST, LAST);
  }

  @Test
  void refusesCodesOfAnotherShapeOrType() throws IOException {
    String name = TensorNames.TOKEN_CODES;
    refused(parts(CONTEXT), Reason.MISSING_TENSOR, name, name);
    refused(
        parts(CONTEXT).bytes(name, DType.U8, new byte[6], 3, 2),
        Reason.UNEXPECTED_TENSOR,
        name,
        "[3, 2], expected the shape [4, 2]");
    refused(
        parts(CONTEXT).bytes(name, DType.I8, new byte[8], 4, 2),
        Reason.UNEXPECTED_TENSOR,
        name,
        "is I8, expected U8 or U16");
  }

  @Test
  void refusesADenseTableBesideIt() throws IOException {
    ModelWriter writer = parts(CONTEXT);
    codes(writer, 0, 0, 0, 1, 0, 2, 1, 1);
    writer.floats(TensorNames.TOKEN_EMBEDDINGS, new float[20], 4, 5);
    refused(writer, Reason.UNEXPECTED_TENSOR, TensorNames.TOKEN_EMBEDDINGS, "said to be composed");
  }

  @Test
  void refusesOwnRowsThatNobodyCanFind() throws IOException {
    for (int[] ids :
        List.of(new int[] {2, 2}, new int[] {3, 1}, new int[] {-1, 2}, new int[] {4})) {
      ModelWriter writer = parts(CONTEXT);
      codes(writer, 0, 0, 0, 1, 0, 2, 1, 1);
      writer.ints(TensorNames.OWN_ROW_IDS, ids, ids.length);
      refused(
          writer,
          Reason.VALUE_OUT_OF_RANGE,
          TensorNames.OWN_ROW_IDS,
          "must ascend from 0 to at most 3");
    }
  }

  @Test
  void refusesACompositionItDoesNotKnow() throws IOException {
    for (String wrong :
        List.of(
            CONTEXT.replace("composed", "rotated"),
            CONTEXT.replace("context", "random"),
            CONTEXT.replace("2", "0"),
            CONTEXT.replace("2", "6"))) {
      refused(parts(wrong), Reason.BAD_DESCRIPTION, "", Composition.METADATA);
    }
    String more = CONTEXT.replace("}", ",\"rotation\":true}");
    refused(parts(more), Reason.JSON_VALUE, "", "rotation");
  }

  @Test
  void refusesCartesianPartsWithTooFewCombinations() throws IOException {
    String cartesian = CONTEXT.replace("context", "cartesian");
    ModelWriter two =
        writer(cartesian).floats(FIRST, new float[4], 2, 2).floats(LAST, new float[6], 2, 3);
    refused(
        two,
        Reason.UNEXPECTED_TENSOR,
        FIRST,
        "has 2 vectors; 2 parts of them make 4 combinations, too few for 4 tokens");
    refused(
        parts(cartesian),
        Reason.UNEXPECTED_TENSOR,
        LAST,
        "has 3 vectors, but all parts of a Cartesian table have as many as part 0, 2");
  }

  private ModelWriter cartesian() {
    return writer(CONTEXT.replace("context", "cartesian"))
        .floats(FIRST, new float[6], 3, 2)
        .floats(LAST, new float[9], 3, 3);
  }

  @Test
  void ordersCartesianCodes() throws IOException {
    cartesian().ints(TensorNames.TOKEN_ORDER, new int[] {3, 0, 2, 1}, TOKENS).write();
    try (ModelFile file = ModelFile.open(path)) {
      TokenCodes codes = read(file).codes(file);
      assertArrayEquals(
          new int[] {0, 0, 2, 1},
          new int[] {codes.code(0, 0), codes.code(1, 0), codes.code(2, 0), codes.code(3, 0)});
      assertEquals(1, codes.code(0, 1));
      assertEquals(0, codes.code(3, 1));
    }
  }

  @Test
  void refusesAnOrderThatIsNone() throws IOException {
    String name = TensorNames.TOKEN_ORDER;
    refused(
        cartesian().ints(name, new int[] {3, 0, 3, 1}, TOKENS),
        Reason.VALUE_OUT_OF_RANGE,
        name,
        "token 2 has the place 3, but another token has it already");
    refused(
        cartesian().ints(name, new int[] {3, 4, 2, 1}, TOKENS),
        Reason.VALUE_OUT_OF_RANGE,
        name,
        "token 1 has the place 4, but there are 4 places");
    refused(
        cartesian().ints(name, new int[3], 3), Reason.UNEXPECTED_TENSOR, name, "expected I32 [4]");
  }
}
