package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  private static final String LONG = "word ".repeat(200);

  @TempDir private Path folder;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static float[] vector(Json line) throws IOException {
    List<Json> items = line.get("vector").items();
    float[] vector = new float[items.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) items.get(i).asDouble();
    }
    return vector;
  }

  private static float[] embedded(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("embed", "--model", SmallModel.path()));
    all.addAll(List.of(arguments));
    return vector(Outcome.of(all.toArray(String[]::new)).silent().json().get(0));
  }

  @Test
  void jsonLinesGiveTheReferencesVectors() throws IOException {
    List<String> texts = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    float[] golden = SmallModel.vectors();
    for (int i = 0; i < SmallModel.texts().size(); i++) {
      String text = SmallModel.texts().get(i);
      if (text.indexOf('\n') < 0 && !text.endsWith("\r")) {
        texts.add(text);
        int from = i * SmallModel.DIMENSION;
        expected.add(Arrays.copyOfRange(golden, from, from + SmallModel.DIMENSION));
      }
    }
    assertTrue(texts.size() >= 45, "texts: " + texts.size());
    Outcome outcome =
        Outcome.of(utf8(String.join("\n", texts) + "\n"), "embed", "-m", SmallModel.path());
    List<Json> lines = outcome.json();
    assertEquals(texts.size(), lines.size());
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(texts.get(i), lines.get(i).get("text").asString());
      assertArrayEquals(expected.get(i), vector(lines.get(i)), 1e-5f, texts.get(i));
    }
  }

  @Test
  void saysHowManyTokensAndWhetherTheTextWasCut() throws IOException {
    Outcome outcome = Outcome.of("embed", "-m", SmallModel.path(), "", LONG);
    Json empty = outcome.json().get(0);
    Json cut = outcome.json().get(1);
    assertEquals(2, empty.get("tokens").asInt());
    assertFalse(empty.get("truncated").asBoolean());
    assertEquals(SmallModel.MAX_TOKENS, cut.get("tokens").asInt());
    assertTrue(cut.get("truncated").asBoolean());
    assertEquals(0, outcome.code);
    assertEquals(
        "kumiko: warning: 1 of 2 texts was longer than 64 tokens and was cut; first: argument 2"
            + System.lineSeparator(),
        outcome.err);
  }

  @Test
  void csvHasTheSameNumbersAsJson() throws IOException {
    float[] expected = embedded("roof");
    Outcome csv =
        Outcome.of("embed", "-m", SmallModel.path(), "--format", "csv", "roof", "a").silent();
    String[] rows = csv.out.split("\n", -1);
    assertEquals(3, rows.length);
    assertEquals("", rows[2]);
    String[] cells = rows[0].split(",", -1);
    float[] actual = new float[cells.length];
    for (int i = 0; i < cells.length; i++) {
      actual[i] = Float.parseFloat(cells[i]);
    }
    assertArrayEquals(expected, actual);
  }

  @Test
  void npyFollowsTheFormat() throws IOException {
    float[] expected = embedded("roof");
    Outcome npy =
        Outcome.of("embed", "-m", SmallModel.path(), "-f", "npy", "purlin", "roof", "").silent();
    checkNpy(npy.bytes, 3, 1, expected);
  }

  @Test
  void npyToAFileIsTheSame() throws IOException {
    Path file = folder.resolve("vectors.npy");
    Files.writeString(file, "\u0093NUMPY, old", StandardCharsets.ISO_8859_1);
    String target = file.toString();
    Outcome outcome =
        Outcome.of("embed", "-m", SmallModel.path(), "-f", "npy", "-o", target, "a", "roof");
    assertEquals("", outcome.silent().out);
    checkNpy(Files.readAllBytes(file), 2, 1, embedded("roof"));
    assertEquals(List.of(file), files());
  }

  /** NumPy's format, version 1.0. */
  private static void checkNpy(byte[] npy, int texts, int row, float[] expected) {
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals((byte) 0x93, bytes.get(0));
    assertEquals("NUMPY\1\0", new String(npy, 1, 7, StandardCharsets.ISO_8859_1));
    int data = 10 + Short.toUnsignedInt(bytes.getShort(8));
    assertEquals(0, data % 64);
    String header = new String(npy, 10, data - 10, StandardCharsets.US_ASCII);
    assertTrue(header.endsWith("\n"), header);
    assertEquals(
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + texts + ", 48), }", header.strip());
    assertEquals(data + 4 * texts * SmallModel.DIMENSION, npy.length);
    float[] actual = new float[SmallModel.DIMENSION];
    bytes
        .position(data + 4 * row * SmallModel.DIMENSION)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(actual);
    assertArrayEquals(expected, actual);
  }

  @Test
  void readsAFileOfManyBatchesInOrder() throws IOException {
    Path file = folder.resolve("texts.txt");
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      texts.add(i % 100 == 7 ? "" : "text " + i);
    }
    Files.write(file, texts);
    String input = file.toString();
    Outcome outcome = Outcome.of("embed", "-m", SmallModel.path(), "-i", input).silent();
    List<String> read = new ArrayList<>();
    for (Json line : outcome.json()) {
      read.add(line.get("text").asString());
    }
    assertEquals(texts, read);
  }

  @Test
  void outputMayReplaceTheInput() throws IOException {
    Path file = folder.resolve("texts.txt");
    Files.writeString(file, "roof\n");
    String both = file.toString();
    Outcome.of("embed", "-m", SmallModel.path(), "-i", both, "-o", both, "--force").silent();
    assertTrue(Files.readString(file).startsWith("{\"text\":\"roof\",\"tokens\":"));
    assertEquals(List.of(file), files());
  }

  @Test
  void whatALinkPointsToIsReplaced() throws IOException {
    Path file = Files.writeString(folder.resolve("real"), "0.25,-1.5E-4\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    Outcome.of("embed", "-m", SmallModel.path(), "-f", "csv", "-o", link.toString(), "a").silent();
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(SmallModel.DIMENSION, Files.readString(file).split(",", -1).length);
  }

  @Test
  void onlyItsOwnKindIsReplacedUnlessForced() throws IOException {
    Path file = folder.resolve("out");
    String[] others = {"x\n", "1,2\n", "a,b\n0.5,0.5\n", "{\"texts\":1}", "0.5 0.5\n", " \n"};
    for (String other : others) {
      for (String format : List.of("json", "csv", "npy")) {
        Files.writeString(file, other);
        Outcome.of("embed", "-m", SmallModel.path(), "-f", format, "-o", file.toString(), "a")
            .failed(
                1,
                file
                    + ": not written: it exists and does not hold vectors in the format "
                    + format
                    + "; name another file, or replace it with --force");
        assertEquals(other, Files.readString(file));
      }
    }
    for (String format : List.of("json", "csv", "npy")) {
      Files.write(file, new byte[0]);
      String[] again = {"embed", "-m", SmallModel.path(), "-f", format, "-o", file.toString(), "a"};
      Outcome.of(again).silent();
      byte[] first = Files.readAllBytes(file);
      Outcome.of(again).silent();
      assertArrayEquals(first, Files.readAllBytes(file));
    }
    assertEquals(List.of(file), files());
  }

  @Test
  void linesMayEndAsOnWindowsAndBeginWithAMark() throws IOException {
    Outcome outcome =
        Outcome.of(utf8("\uFEFFroof\r\n\r\na\rb"), "embed", "-m", SmallModel.path()).silent();
    List<Json> lines = outcome.json();
    assertEquals(3, lines.size());
    assertEquals("roof", lines.get(0).get("text").asString());
    assertEquals("", lines.get(1).get("text").asString());
    assertEquals("a\rb", lines.get(2).get("text").asString());
  }

  @Test
  void textsLikeOptionsAndFilesAreTexts() throws IOException {
    Path file = Files.writeString(folder.resolve("arguments"), "something else");
    Outcome outcome =
        Outcome.of("embed", "-m", SmallModel.path(), "@" + file, "--", "--help").silent();
    assertEquals("@" + file, outcome.json().get(0).get("text").asString());
    assertEquals("--help", outcome.json().get(1).get("text").asString());
  }

  @Test
  void aPromptStandsBeforeTheText() throws IOException {
    assertArrayEquals(embedded("query: roof"), embedded("--prompt", "query", "roof"));
  }

  @Test
  void truncatedVectorsAreNormalisedAgain() throws IOException {
    float[] whole = embedded("roof");
    float[] part = embedded("--truncate-dim", "8", "roof");
    assertEquals(8, part.length);
    double norm = 0;
    for (float component : part) {
      norm += (double) component * component;
    }
    assertEquals(1, norm, 1e-6);
    assertEquals(whole[0] / whole[1], part[0] / part[1], 1e-4);
  }

  @Test
  void longTextsAreRefusedByLine() {
    byte[] input = utf8("short\nroof\n" + LONG + "\n" + LONG);
    Outcome.of(input, "embed", "-m", SmallModel.path(), "--long-text", "refuse")
        .failed(
            1,
            "line 3 has 802 tokens, more than 64; shorten it, or choose --long-text cut or average");
  }

  @Test
  void longTextsAreAveragedOverAllTokens() throws IOException {
    Outcome outcome =
        Outcome.of("embed", "-m", SmallModel.path(), "--long-text", "average", LONG).silent();
    Json line = outcome.json().get(0);
    assertFalse(line.get("truncated").asBoolean());
    // A word has 4 tokens; a window has 62 and two special ones.
    assertEquals(4 * 200 + 2 * 13, line.get("tokens").asInt());
  }

  @Test
  void maxTokensCutsEarlier() throws IOException {
    Outcome outcome = Outcome.of("embed", "-m", SmallModel.path(), "--max-tokens", "5", LONG);
    assertEquals(5, outcome.json().get(0).get("tokens").asInt());
  }

  @Test
  void threadsDoNotChangeTheResult() throws IOException {
    assertArrayEquals(
        embedded("--threads", "1", "roof"), embedded("--threads", "3", "roof"), 1e-6f);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }
}
