package dev.kumiko.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every reason to refuse a file, each with the smallest file that has it. */
class MalformedFileTest {
  private static final String A = "'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}";

  @TempDir Path directory;

  private static Arguments file(
      String what, byte[] bytes, Reason reason, long offset, String tensor, String message) {
    return Arguments.of(what, bytes, reason, offset, tensor, message);
  }

  private static Arguments header(
      String what, String json, Reason reason, long offset, String tensor, String message) {
    return file(what, bytes(json, 4), reason, offset, tensor, message);
  }

  private static byte[] bytes(String json, int dataSize) {
    return Safetensors.of(json.replace('\'', '"'), dataSize);
  }

  static Stream<Arguments> lengths() {
    byte[] empty = {'{', '}'};
    return Stream.of(
        file("nothing", new byte[0], Reason.FILE_TOO_SHORT, 0, "", "only 0 bytes long"),
        file("7 bytes", new byte[7], Reason.FILE_TOO_SHORT, 7, "", "only 7 bytes long"),
        file(
            "header over the limit",
            Safetensors.withLength(100_000_001, empty, 0),
            Reason.HEADER_TOO_LARGE,
            0,
            "",
            "a header of 100000001 bytes, but at most 100000000"),
        file(
            "unsigned length",
            Safetensors.withLength(-1, empty, 0),
            Reason.HEADER_TOO_LARGE,
            0,
            "",
            "a header of 18446744073709551615 bytes"),
        file(
            "header longer than file",
            Safetensors.withLength(3, empty, 0),
            Reason.HEADER_TRUNCATED,
            10,
            "",
            "should have 3 bytes, but the file ends after 2"),
        file("no header", new byte[8], Reason.HEADER_START, 8, "", "does not begin with '{'"),
        file("no brace", bytes(" {}", 0), Reason.HEADER_START, 8, "", "does not begin with '{'"));
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        file(
            "not UTF-8",
            Safetensors.withLength(7, "{\"\u00e4\":1}".getBytes(ISO_8859_1), 0),
            Reason.NOT_UTF8,
            10,
            "",
            "header: byte 10 is not UTF-8"),
        file(
            "UTF-8 of half a surrogate pair",
            Safetensors.withLength(10, "{\"\u00ed\u00a0\u0080\":1} ".getBytes(ISO_8859_1), 0),
            Reason.NOT_UTF8,
            10,
            "",
            "header: byte 10 is not UTF-8"),
        header(
            "not JSON",
            "{'a' 1}",
            Reason.JSON_SYNTAX,
            13,
            "",
            "not valid JSON at byte 13: unexpected 1"),
        header("ends early", "{'a':", Reason.JSON_SYNTAX, 13, "", "byte 13: it ends too early"),
        header("two values", "{} {}", Reason.JSON_SYNTAX, 11, "", "something follows"),
        header(
            "half a surrogate pair", "{'\\ud800':1}", Reason.JSON_SYNTAX, 16, "", "surrogate pair"),
        header("too deep", "{'a':" + "[".repeat(200), Reason.JSON_SYNTAX, 112, "", "nested deeper"),
        header(
            "tensor twice", "{" + A + "," + A + "}", Reason.DUPLICATE_NAME, 62, "", "\"a\" occurs"),
        header(
            "metadata key twice",
            "{'__metadata__':{'k':'1','k':'2'}}",
            Reason.DUPLICATE_NAME,
            33,
            "",
            "\"k\" occurs twice"));
  }

  static Stream<Arguments> values() {
    return Stream.of(
        header(
            "metadata no object",
            "{'__metadata__':[]}",
            Reason.JSON_VALUE,
            -1,
            "",
            "header: __metadata__ is an array with 0 items, expected an object"),
        header(
            "metadata no text",
            "{'__metadata__':{'k':1}}",
            Reason.JSON_VALUE,
            -1,
            "",
            "header: __metadata__.k is 1, expected text"),
        header(
            "tensor no object",
            "{'a':1}",
            Reason.JSON_VALUE,
            -1,
            "a",
            "a is 1, expected an object"),
        header("no dtype", "{'a':{}}", Reason.JSON_VALUE, -1, "a", "a.dtype is missing"),
        header(
            "no shape", "{'a':{'dtype':'I8'}}", Reason.JSON_VALUE, -1, "a", "a.shape is missing"),
        header(
            "no offsets",
            "{'a':{'dtype':'I8','shape':[]}}",
            Reason.JSON_VALUE,
            -1,
            "a",
            "a.data_offsets is missing"),
        header(
            "one offset",
            "{'a':{'dtype':'I8','shape':[],'data_offsets':[0]}}",
            Reason.JSON_VALUE,
            -1,
            "a",
            "a.data_offsets has 1 items, expected 2"),
        header(
            "fraction in shape",
            "{'a':{'dtype':'I8','shape':[1.0],'data_offsets':[0,1]}}",
            Reason.JSON_VALUE,
            -1,
            "a",
            "a.shape[0] is 1.0, expected a whole number"),
        header(
            "offset beyond 64 bits",
            "{'a':{'dtype':'I8','shape':[1],'data_offsets':[0,9223372036854775808]}}",
            Reason.JSON_VALUE,
            -1,
            "a",
            "a.data_offsets[1] is 9223372036854775808, expected a number from"),
        header(
            "unknown type",
            "{'a':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}}",
            Reason.UNKNOWN_DTYPE,
            -1,
            "a",
            "tensor \"a\" has the type \"F8_E4M3\"; Kumiko reads [F64, F32"));
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        header(
            "negative shape",
            "{'a':{'dtype':'F32','shape':[-1,-1],'data_offsets':[0,4]}}",
            Reason.BAD_SHAPE,
            -1,
            "a",
            "shape [-1, -1] with a negative number"),
        header(
            "overflow of elements",
            "{'a':{'dtype':'I8','shape':[4294967296,4294967296],'data_offsets':[0,0]}}",
            Reason.BAD_SHAPE,
            -1,
            "a",
            "more bytes than can be counted"),
        header(
            "overflow of bytes",
            "{'a':{'dtype':'F64','shape':[2305843009213693952],'data_offsets':[0,0]}}",
            Reason.BAD_SHAPE,
            -1,
            "a",
            "more bytes than can be counted"),
        header(
            "end before begin",
            "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}",
            Reason.BAD_OFFSETS,
            -1,
            "a",
            "offsets [4, 0], which is no range"),
        header(
            "negative offset",
            "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}",
            Reason.BAD_OFFSETS,
            -1,
            "a",
            "offsets [-4, 0], which is no range"),
        header(
            "offset near overflow",
            "{'a':{'dtype':'I8','shape':[0],"
                + "'data_offsets':[9223372036854775807,9223372036854775807]}}",
            Reason.BAD_OFFSETS,
            -1,
            "a",
            "which is no range"),
        header(
            "shape and offsets differ",
            "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}",
            Reason.SIZE_MISMATCH,
            -1,
            "a",
            "F32 and shape [2] needs 8 bytes, but its offsets [0, 4] hold 4"),
        header(
            "overlap",
            "{" + A + ",'b':{'dtype':'I16','shape':[1],'data_offsets':[2,4]}}",
            Reason.OVERLAP,
            117,
            "b",
            "\"b\" begins at byte 117, but tensor \"a\" before it ends only at 119"),
        header(
            "hole",
            "{'a':{'dtype':'I8','shape':[2],'data_offsets':[2,4]}}",
            Reason.HOLE,
            61,
            "a",
            "bytes from 61 to 63, before tensor \"a\", belong to no tensor"),
        file(
            "too few bytes",
            bytes("{" + A + "}", 3),
            Reason.DATA_TRUNCATED,
            65,
            "a",
            "ends at byte 65, but tensor \"a\" goes on to byte 66"),
        file(
            "too many bytes",
            bytes("{" + A + "}", 5),
            Reason.TRAILING_DATA,
            66,
            "",
            "ends at byte 66 and so should the file, but"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"lengths", "texts", "values", "layouts"})
  void isRefused(
      String what, byte[] bytes, Reason reason, long offset, String tensor, String message)
      throws IOException {
    Path file = Files.write(directory.resolve("m.safetensors"), bytes);
    byte[] padded = Arrays.copyOf(new byte[3], 3 + bytes.length + 9);
    System.arraycopy(bytes, 0, padded, 3, bytes.length);
    Path container = Files.write(directory.resolve("container"), padded);

    check(
        assertThrows(ModelFormatException.class, () -> ModelFile.open(file)),
        reason,
        offset,
        tensor,
        file + ": ",
        message);
    check(
        assertThrows(ModelFormatException.class, () -> ModelFile.open(container, 3, bytes.length)),
        reason,
        offset,
        tensor,
        container + " at byte 3: ",
        message);
    check(
        assertThrows(
            ModelFormatException.class,
            () -> ModelFile.read(new ByteArrayInputStream(bytes), "stream")),
        reason,
        offset,
        tensor,
        "stream: ",
        message);
  }

  private static void check(
      ModelFormatException e,
      Reason reason,
      long offset,
      String tensor,
      String place,
      String message) {
    assertEquals(reason, e.reason(), e.getMessage());
    assertEquals(offset, e.offset(), e.getMessage());
    assertEquals(tensor, e.tensor(), e.getMessage());
    assertTrue(e.getMessage().startsWith(place), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{}          ",
        "{'__metadata__':{}}",
        "{'a':{'dtype':'F32','shape':[0,7],'data_offsets':[0,0]}}",
        "{'a':{'dtype':'F32','shape':[0],'data_offsets':[0,0],'note':'ignored'}}"
      })
  void theSmallestFilesAreAccepted(String json) throws IOException {
    byte[] bytes = bytes(json, 0);
    try (ModelFile file = ModelFile.read(new ByteArrayInputStream(bytes), "stream")) {
      assertEquals(bytes.length, file.size());
    }
    Path path = Files.write(directory.resolve("m.safetensors"), bytes);
    try (ModelFile file = ModelFile.open(path)) {
      assertEquals(bytes.length, file.size());
    }
  }

  @Test
  void aHostileNameIsShortenedAndKeptOnOneLine() {
    String name = "x\\n\\u001b".repeat(500);
    ModelFormatException e =
        assertThrows(
            ModelFormatException.class,
            () ->
                ModelFile.read(
                    new ByteArrayInputStream(
                        bytes("{'" + name + "':{'dtype':'Q','shape':[],'data_offsets':[0,0]}}", 0)),
                    "stream"));
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().getBytes(UTF_8).length < 1000, e.getMessage());
    assertTrue(e.getMessage().contains("\\u000a\\u001b"), e.getMessage());
  }

  @Test
  void aPartThatIsNotInTheFileIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("container"), new byte[20]);
    long[][] parts = {{-1, 5}, {0, -1}, {0, 21}, {21, 0}, {Long.MAX_VALUE, 8}, {8, Long.MAX_VALUE}};
    for (long[] part : parts) {
      ModelFormatException e =
          assertThrows(ModelFormatException.class, () -> ModelFile.open(file, part[0], part[1]));
      assertEquals(Reason.DATA_TRUNCATED, e.reason());
      assertTrue(e.getMessage().contains("has 20 bytes, too few for a model of " + part[1]));
    }
  }
}
