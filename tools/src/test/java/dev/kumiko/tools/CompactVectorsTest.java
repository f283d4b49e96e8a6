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
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors that are written as int8 or as bits, and what they lose. */
class CompactVectorsTest {
  private static final int TEXTS = 300;
  private static final int HEADER = 128;

  @TempDir private Path folder;

  private Path texts;

  @BeforeEach
  void texts() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      lines.add("roof " + i + " and the " + (i % 7) + " invoices of " + i * i % 31);
    }
    texts = Files.write(folder.resolve("texts.txt"), lines);
  }

  private Path embed(String name, String... more) {
    Path target = folder.resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("embed", "-m", SmallModel.path(), "-i", texts.toString()));
    arguments.addAll(List.of("-f", "npy", "-o", target.toString()));
    arguments.addAll(List.of(more));
    Outcome.of(arguments.toArray(String[]::new)).silent();
    return target;
  }

  private static float[][] floats(Path file) throws IOException {
    ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(file));
    data.order(ByteOrder.LITTLE_ENDIAN).position(HEADER);
    float[][] rows = new float[TEXTS][SmallModel.DIMENSION];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = data.getFloat();
      }
    }
    return rows;
  }

  private static String header(byte[] npy) {
    return new String(npy, 10, HEADER - 10, StandardCharsets.US_ASCII).strip();
  }

  @Test
  void bitsAreSignsAndBytesAreSteps() throws IOException {
    float[][] vectors = floats(embed("float.npy"));
    byte[] bits = Files.readAllBytes(embed("bits.npy", "--precision", "binary"));
    assertEquals("{'descr': '|u1', 'fortran_order': False, 'shape': (300, 6), }", header(bits));
    Path int8 = embed("int8.npy", "--precision", "int8", "--calibration", texts.toString());
    byte[] steps = Files.readAllBytes(int8);
    assertEquals("{'descr': '|i1', 'fortran_order': False, 'shape': (300, 48), }", header(steps));
    Json notes = Json.parse("notes", Files.readString(Path.of(int8 + ".json")));
    assertEquals(TEXTS, notes.get("vectors").asInt());
    for (int i = 0; i < SmallModel.DIMENSION; i++) {
      int component = i;
      double low = Arrays.stream(vectors).mapToDouble(v -> v[component]).min().getAsDouble();
      double high = Arrays.stream(vectors).mapToDouble(v -> v[component]).max().getAsDouble();
      assertEquals(low, notes.get("low").items().get(i).asDouble());
      assertEquals(high, notes.get("high").items().get(i).asDouble());
      for (int row = 0; row < TEXTS; row++) {
        double value = vectors[row][i];
        int bit = bits[HEADER + row * 6 + i / 8] >> (7 - i % 8) & 1;
        assertEquals(value > 0 ? 1 : 0, bit);
        double step = (steps[HEADER + row * 48 + i] + 128) * (high - low) / 255;
        assertEquals(value, low + step, 0.51 * (high - low) / 255);
      }
    }
    Path fromVectors =
        embed(
            "again.npy",
            "--precision",
            "fastest,int8",
            "--calibration",
            folder.resolve("float.npy").toString());
    assertArrayEquals(steps, Files.readAllBytes(fromVectors));
  }

  @Test
  void recallIsThatOfPlainLoops() throws IOException {
    Path whole = embed("float.npy");
    Path bits = embed("bits.npy", "--precision", "binary");
    Path int8 = embed("int8.npy", "--precision", "int8", "--calibration", texts.toString());
    Outcome outcome =
        Outcome.of(
            "eval",
            "recall",
            "--at",
            "5",
            whole.toString(),
            whole.toString(),
            int8.toString(),
            bits.toString());
    List<String> lines = outcome.silent().out.lines().toList();
    float[][] vectors = floats(whole);
    float[][] signs = new float[TEXTS][SmallModel.DIMENSION];
    for (int row = 0; row < TEXTS; row++) {
      for (int i = 0; i < SmallModel.DIMENSION; i++) {
        signs[row][i] = vectors[row][i] > 0 ? 1 : -1;
      }
    }
    double found = 0;
    double rescored = 0;
    for (float[] query : vectors) {
      List<Integer> right = ranking(query, vectors).subList(0, 5);
      List<Integer> ranking = ranking(query, signs);
      found += ranking.subList(0, 5).stream().filter(right::contains).count() / 5.0;
      rescored += ranking.subList(0, 20).stream().filter(right::contains).count() / 5.0;
    }
    assertEquals(
        String.format(
            Locale.ROOT,
            "%,14d  %8.2f  %8.2f  bits.npy",
            HEADER + TEXTS * 6,
            100 * found / TEXTS,
            100 * rescored / TEXTS),
        lines.get(3));
    assertEquals("         bytes  recall@5  rescored  vectors", lines.get(0));
    assertEquals("        57,728    100.00    100.00  float.npy", lines.get(1));
    assertTrue(Double.parseDouble(lines.get(2).substring(16, 24)) > 95, lines.get(2));
  }

  private static List<Integer> ranking(float[] query, float[][] vectors) {
    double[] cosines = new double[vectors.length];
    for (int row = 0; row < vectors.length; row++) {
      double dot = 0;
      double squares = 0;
      for (int i = 0; i < query.length; i++) {
        dot += (double) query[i] * vectors[row][i];
        squares += (double) vectors[row][i] * vectors[row][i];
      }
      cosines[row] = dot / Math.sqrt(squares);
    }
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < vectors.length; row++) {
      rows.add(row);
    }
    rows.sort((a, b) -> Double.compare(cosines[b], cosines[a]));
    return rows;
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    String model = SmallModel.path();
    Outcome.of("embed", "-m", model, "--precision", "binary", "a")
        .failed(
            2,
            "--precision binary is for --format npy with --output FILE, beside which FILE.json says"
                + " what the bytes mean");
    String target = folder.resolve("t.npy").toString();
    Outcome.of("embed", "-m", model, "--precision", "int8", "-f", "npy", "-o", target, "a")
        .failed(2, "--precision int8 needs --calibration FILE, texts like these");
    Outcome.of("embed", "-m", model, "--calibration", target, "a")
        .failed(2, "--calibration is for --precision int8");
    Path narrow = NpyBytes.floats(folder.resolve("n.npy"), new float[] {0, 1});
    Outcome refused =
        Outcome.of(
            "embed",
            "-m",
            model,
            "--precision",
            "int8",
            "--calibration",
            narrow.toString(),
            "-f",
            "npy",
            "-o",
            target,
            "a");
    assertTrue(
        refused.err.contains(narrow + ": has vectors of 2 components, but the model's have 48"),
        refused.err);
    assertTrue(refused.err.contains(narrow + " has only 1 texts"), refused.err);
    assertFalse(Files.exists(Path.of(target)));
    Path three = NpyBytes.floats(folder.resolve("3.npy"), new float[2], new float[2], new float[2]);
    Outcome.of("eval", "recall", narrow.toString(), narrow.toString(), three.toString())
        .failed(1, "%s has 3 vectors, but %s has 1".formatted(three, narrow));
  }
}
