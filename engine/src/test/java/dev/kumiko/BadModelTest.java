package dev.kumiko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files that are refused when they are loaded; the message names file, tensor and numbers.
 */
class BadModelTest {
  private static final String VOCABULARY = TokenizerDescription.VOCABULARY;
  private static final byte END = (byte) 0xFF;
  private static final String BIAS = "layers.1.feed_forward.up.bias";

  @TempDir Path folder;
  private Path model;
  private Path bad;
  private byte[] plain;

  @BeforeEach
  void writeModel() throws IOException {
    model = Fixture.open("bert-mean").writeModel(folder.resolve("model.safetensors"));
    bad = folder.resolve("bad.safetensors");
    try (ModelFile file = ModelFile.open(model)) {
      byte[] stream = file.tensor(VOCABULARY).toBytes();
      plain = new InflaterInputStream(new ByteArrayInputStream(stream)).readAllBytes();
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

  private ModelCopy withVocabulary(byte... stream) {
    return copy()
        .with(VOCABULARY, writer -> writer.bytes(VOCABULARY, DType.U8, stream, stream.length));
  }

  private static byte[] deflated(byte[] plain) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(stream)) {
      deflater.write(plain);
    }
    return stream.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void anAbsentTensor() throws IOException {
    assertRefused(copy().without(BIAS), Reason.MISSING_TENSOR, BIAS);
    assertRefused(copy().without(VOCABULARY), Reason.MISSING_TENSOR, VOCABULARY);
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
    ModelCopy copy = copy().with(BIAS, w -> w.bytes(BIAS, DType.F64, new byte[640], 80));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BIAS, "F64", "F32, BF16 or F16");
    copy = copy().with(BIAS, w -> w.ints(BIAS, new int[80], 80));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, BIAS, "I32", "floating-point");
    copy = copy().with(VOCABULARY, w -> w.ints(VOCABULARY, new int[9], 9));
    assertRefused(copy, Reason.UNEXPECTED_TENSOR, VOCABULARY, "I32", "U8");
  }

  @Test
  void moreTokensThanTheTableHasRows() throws IOException {
    assertRefused(
        withVocabulary(deflated(concat(plain, new byte[] {'e', 'n', 'd'}))),
        Reason.VALUE_OUT_OF_RANGE,
        VOCABULARY,
        "does not end");
    assertRefused(
        withVocabulary(deflated(concat(plain, new byte[] {END}))),
        Reason.VALUE_OUT_OF_RANGE,
        VOCABULARY,
        "3641",
        "3640");
  }

  @Test
  void fewerTokensThanTheTableHasRowsAreFine() throws IOException {
    int end = plain.length;
    for (int tokens = 0; tokens <= 500; end--) {
      tokens += plain[end - 1] == END ? 1 : 0;
    }
    withVocabulary(deflated(Arrays.copyOf(plain, end + 1))).write(bad);
    try (Embedder whole = Embedder.load(model);
        Embedder part = Embedder.load(bad)) {
      Vectors.assertSame(whole.embed("a b c ?!"), part.embed("a b c ?!"), "first tokens only");
    }
  }

  @Test
  void aDamagedStreamOfTheVocabulary() throws IOException {
    Reason reason = Reason.VALUE_OUT_OF_RANGE;
    byte[] stream = deflated(plain);
    assertRefused(withVocabulary(plain), reason, VOCABULARY, "is no zlib stream");
    assertRefused(withVocabulary(), reason, VOCABULARY, "cut off after 0 bytes");
    byte[] cut = Arrays.copyOf(stream, stream.length - 10);
    assertRefused(withVocabulary(cut), reason, VOCABULARY, "cut off after " + cut.length);
    byte[] longer = Arrays.copyOf(stream, stream.length + 10);
    String length = Integer.toString(stream.length);
    assertRefused(withVocabulary(longer), reason, VOCABULARY, length, "" + longer.length);
  }

  @Test
  void aVocabularyThatIsABomb() throws IOException {
    byte[] oneToken = new byte[100_000_000];
    byte[] emptyTokens = new byte[99_999_999];
    Arrays.fill(emptyTokens, END);
    for (byte[] bomb : List.of(deflated(oneToken), deflated(emptyTokens))) {
      assertTrue(bomb.length < 200_000, "the stream is small");
      ModelCopy copy = withVocabulary(bomb);
      copy.write(bad);
      long limit = (4 << 20) + Files.size(bad);
      long before = allocatedBytes();
      assertRefused(copy, Reason.VALUE_OUT_OF_RANGE, VOCABULARY, "to more than " + limit);
      assertTrue(allocatedBytes() - before < 16 << 20, "memory while refusing");
    }
    byte[] manyTokens = Arrays.copyOf(emptyTokens, 4 << 20);
    assertRefused(
        withVocabulary(deflated(manyTokens)),
        Reason.VALUE_OUT_OF_RANGE,
        VOCABULARY,
        "4194304 tokens",
        "3640 rows");
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  void aHeaderOfTooManyNumbers() throws IOException {
    String shape = "0,".repeat(600_000) + "0";
    String header =
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[0,0]}}".formatted(shape);
    ByteBuffer file = ByteBuffer.allocate(8 + header.length()).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
    Files.write(bad, file.array());
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> Embedder.load(bad));
    assertEquals(Reason.JSON_SYNTAX, e.reason(), e.getMessage());
  }

  @Test
  void aVocabularyThatIsNoText() throws IOException {
    byte[] broken = plain.clone();
    // The first token, "[PAD]", and its end.
    broken[2] = (byte) 0xFE;
    assertRefused(
        withVocabulary(deflated(broken)),
        Reason.VALUE_OUT_OF_RANGE,
        VOCABULARY,
        "not UTF-8 at byte 2, in token 0");
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
    assertThrows(NullPointerException.class, () -> Embedder.load((Path) null));
  }
}
