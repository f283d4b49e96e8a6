package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelFormatException;
import dev.kumiko.format.ModelFormatException.Reason;
import dev.kumiko.format.TokenizerDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files that are refused when they are loaded; the message names file, tensor and numbers.
 */
class BadModelTest {
  private static final String OFFSETS = TokenizerDescription.VOCABULARY_OFFSETS;
  private static final String BYTES = TokenizerDescription.VOCABULARY_BYTES;
  private static final String BIAS = "layers.1.feed_forward.up.bias";

  @TempDir Path folder;
  private Path model;
  private Path bad;
  private int[] offsets;
  private byte[] bytes;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    bad = folder.resolve("bad.safetensors");
    try (ModelFile file = ModelFile.open(model)) {
      offsets = file.tensor(OFFSETS).toInts();
      bytes = file.tensor(BYTES).toBytes();
    }
  }

  private void assertRefused(ModelCopy copy, Reason reason, String tensor, String... parts)
      throws IOException {
    copy.write(bad);
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
    assertEquals(reason, e.reason(), e.getMessage());
    assertEquals(tensor, e.tensor(), e.getMessage());
    assertTrue(e.getMessage().startsWith(bad + ": "), e.getMessage());
    assertTrue(e.getMessage().contains(tensor), e.getMessage());
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  private ModelCopy copy() {
    return new ModelCopy(model);
  }

  private ModelCopy withOffsets(int... values) {
    return copy().with(OFFSETS, writer -> writer.ints(OFFSETS, values, values.length));
  }

  @Test
  void anAbsentTensor() throws IOException {
    assertRefused(copy().without(BIAS), Reason.MISSING_TENSOR, BIAS);
    assertRefused(copy().without(OFFSETS), Reason.MISSING_TENSOR, OFFSETS);
    assertRefused(copy().without(BYTES), Reason.MISSING_TENSOR, BYTES);
    String table = "embeddings.token.weight";
    assertRefused(copy().without(table), Reason.MISSING_TENSOR, table);
  }

  @Test
  void aTensorOfAnotherShape() throws IOException {
    ModelCopy copy = copy().with(BIAS, writer -> writer.floats(BIAS, new float[79], 79));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BIAS, "[79]", "[80]");
    String weight = "layers.0.attention.query.weight";
    copy = copy().with(weight, writer -> writer.floats(weight, new float[48 * 48], 48 * 48));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, weight, "[2304]", "[48, 48]");
  }

  @Test
  void aTensorOfAnotherType() throws IOException {
    ModelCopy copy = copy().with(BIAS, w -> w.bytes(BIAS, DType.F16, new byte[160], 80));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BIAS, "F16", "F32");
    copy = copy().with(BIAS, w -> w.ints(BIAS, new int[80], 80));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BIAS, "I32", "floating-point");
    copy = copy().with(OFFSETS, w -> w.floats(OFFSETS, new float[3641], 3641));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, OFFSETS, "F32", "I32");
    copy = copy().with(BYTES, w -> w.ints(BYTES, new int[9], 9));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BYTES, "I32", "U8");
  }

  @Test
  void moreTokensThanTheTableHasRows() throws IOException {
    int[] more = Arrays.copyOf(offsets, offsets.length + 1);
    more[offsets.length] = bytes.length;
    assertRefused(withOffsets(more), Reason.VALUE_OUT_OF_RANGE, OFFSETS, "3641", "3640");
  }

  @Test
  void fewerTokensThanTheTableHasRowsAreFine() throws IOException {
    int tokens = offsets.length - 1 - 500;
    int[] fewer = Arrays.copyOf(offsets, tokens + 1);
    byte[] shorter = Arrays.copyOf(bytes, fewer[tokens]);
    withOffsets(fewer)
        .with(BYTES, writer -> writer.bytes(BYTES, DType.U8, shorter, shorter.length))
        .write(bad);
    try (Embedder whole = Embedder.load(model);
        Embedder part = Embedder.load(bad)) {
      Vectors.assertSame(whole.embed("a b c ?!"), part.embed("a b c ?!"), "first tokens only");
    }
  }

  @Test
  void brokenOffsetsOfTheVocabulary() throws IOException {
    Reason reason = Reason.VALUE_OUT_OF_RANGE;
    assertRefused(withOffsets(), reason, OFFSETS, "no offsets");
    int[] later = offsets.clone();
    later[0] = 1;
    assertRefused(withOffsets(later), reason, OFFSETS, "begin with 0, not 1");
    int[] back = offsets.clone();
    back[100] = back[99] - 1;
    assertRefused(withOffsets(back), reason, OFFSETS, "token 99", "before its beginning");
    int[] beyond = offsets.clone();
    beyond[beyond.length - 1] += 5;
    String end = Integer.toString(bytes.length);
    String past = Integer.toString(bytes.length + 5);
    assertRefused(withOffsets(beyond), reason, OFFSETS, end, past);
  }

  @Test
  void aVocabularyThatIsNoText() throws IOException {
    byte[] broken = bytes.clone();
    broken[40] = (byte) 0xFF;
    ModelCopy copy = copy().with(BYTES, w -> w.bytes(BYTES, DType.U8, broken, broken.length));
    assertRefused(copy, Reason.VALUE_OUT_OF_RANGE, OFFSETS, "not UTF-8 at byte 40");
  }

  @Test
  void aDescriptionThatContradictsItself() throws IOException {
    assertRefused(
        copy().metadata("kumiko.max_tokens", "129"), Reason.BAD_DESCRIPTION, "", "129", "128");
    String architecture;
    try (ModelFile file = ModelFile.open(model)) {
      architecture = file.metadata().get("kumiko.architecture");
    }
    String norm = architecture.replace("\"after\"", "\"within\"");
    assertRefused(
        copy().metadata("kumiko.architecture", norm), Reason.JSON_VALUE, "", "within", "after");
    String gated = architecture.replace("\"gated\":false", "\"gated\":true");
    assertRefused(
        copy().metadata("kumiko.architecture", gated),
        Reason.MISSING_TENSOR,
        "layers.0.feed_forward.gate.weight");
    String layers = architecture.replace("\"layers\":3", "\"layers\":4");
    assertRefused(
        copy().metadata("kumiko.architecture", layers),
        Reason.MISSING_TENSOR,
        "layers.3.attention.query.weight");
  }

  @Test
  void filesThatAreNoModels() throws IOException {
    Path file = Files.write(folder.resolve("empty"), new byte[0]);
    assertThrows(ModelFormatException.class, () -> Embedder.load(file));
    Files.writeString(file, "A purlin carries the rafters of a roof.");
    assertThrows(ModelFormatException.class, () -> Embedder.load(file));
    byte[] whole = Files.readAllBytes(model);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThrows(ModelFormatException.class, () -> Embedder.load(file));
    Path absent = folder.resolve("absent.safetensors");
    assertThrows(NoSuchFileException.class, () -> Embedder.load(absent));
    IOException directory = assertThrows(IOException.class, () -> Embedder.load(folder));
    assertTrue(directory.getMessage().contains("is a directory"), directory.getMessage());
    assertThrows(NullPointerException.class, () -> Embedder.load(null));
  }
}
