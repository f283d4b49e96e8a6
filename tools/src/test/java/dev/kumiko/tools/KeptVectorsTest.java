package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors that are kept beside their texts, and files that cannot be such vectors. */
class KeptVectorsTest {
  @TempDir private Path folder;

  private Path texts;
  private Path vectors;

  @BeforeEach
  void texts() throws IOException {
    texts = Files.writeString(folder.resolve("texts.txt"), "a roof\na wooden roof\nan invoice\n");
    vectors = folder.resolve("texts.npy");
  }

  private Outcome pairs(String... more) {
    String[] arguments = {
      "pairs", "--min-score", "-1", "--vectors", vectors.toString(), texts.toString()
    };
    String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return Outcome.of(all);
  }

  private Outcome pairsOfModel(String... more) {
    String[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = "-m";
    all[more.length + 1] = SmallModel.path();
    return pairs(all);
  }

  @Test
  void areMadeOnceAndGiveTheSameResult() throws IOException {
    String first = pairsOfModel().silent().out;
    assertEquals(3, first.lines().count());
    byte[] kept = Files.readAllBytes(vectors);
    assertEquals(128 + 3 * SmallModel.DIMENSION * 4, kept.length);
    Path embedded = folder.resolve("embedded.npy");
    Outcome.of(
            "embed",
            "-m",
            SmallModel.path(),
            "-i",
            texts.toString(),
            "-f",
            "npy",
            "-o",
            embedded.toString())
        .silent();
    assertArrayEquals(Files.readAllBytes(embedded), kept, "as kumiko embed writes them");
    assertEquals(first, pairsOfModel().silent().out);
    assertArrayEquals(kept, Files.readAllBytes(vectors));
  }

  @Test
  void ofOtherSettingsTextsOrModelAreRefused() throws IOException {
    pairsOfModel().silent();
    String refusal = vectors + ": its vectors were made with other ";
    Outcome settings = pairsOfModel("--max-tokens", "7");
    assertTrue(
        settings.err.contains(refusal + "settings (default prompt, all tokens"), settings.err);
    assertEquals(1, settings.code);
    Files.writeString(texts, "a roof\na wooden roof\nanother invoice\n");
    Outcome changed = pairsOfModel();
    assertTrue(changed.err.contains(refusal + "texts ("), changed.err);
    Files.writeString(texts, "a roof\na wooden roof\n");
    pairsOfModel()
        .failed(
            1,
            vectors
                + ": has 3 vectors, but there are 2 texts; name another file, or remove this one");
    Files.writeString(texts, "a roof\na wooden roof\nan invoice\n");
    Path notes = Path.of(vectors + ".json");
    String hash = Files.readString(notes).replaceAll(".*\"model\":\"([0-9a-f]{64})\".*\\s*", "$1");
    Files.writeString(notes, Files.readString(notes).replace(hash, "0".repeat(64)));
    pairsOfModel()
        .failed(
            1,
            "%smodel file (000000000000) than these (%s); name another file, or remove this one"
                .formatted(refusal, hash.substring(0, 12)));
  }

  @Test
  void fromElsewhereNeedNoModel() throws IOException {
    NpyBytes.floats(vectors, new float[] {3, 4}, new float[] {4, 3}, new float[] {0, -1});
    Outcome outcome = pairs("--model", "none.safetensors");
    assertEquals(
        "0.96\t1\t2\ta roof\ta wooden roof\n-0.6\t2\t3\ta wooden roof\tan invoice\n"
            + "-0.8\t1\t3\ta roof\tan invoice\n",
        outcome.out);
    assertEquals(
        "kumiko: warning: %s.json is not there, so nobody knows which model made the vectors of %s"
                .formatted(vectors, vectors)
            + System.lineSeparator(),
        outcome.err);
  }

  private void refused(String message) {
    pairs().failed(1, vectors + message);
  }

  @Test
  void whatIsNoArrayOfVectorsIsNamed() throws IOException {
    String rewrite = "; write it again: numpy.save(file, numpy.ascontiguousarray(array, \"<f4\"))";
    byte[] data = new byte[24];
    NpyBytes.write(vectors, ">f4", "False", "3, 2", data);
    refused(
        ": holds big-endian items of the type >f4, expected <f4 (little-endian floats), |i1 or |u1"
            + rewrite);
    NpyBytes.write(vectors, "<f8", "False", "3, 1", data);
    refused(
        ": holds items of the type <f8, expected <f4 (little-endian floats), |i1 or |u1" + rewrite);
    NpyBytes.write(vectors, "<f4", "True", "3, 2", data);
    refused(": lies in Fortran order, column by column, expected vector by vector" + rewrite);
    NpyBytes.write(vectors, "<f4", "False", "6,", data);
    refused(": has the shape (6), expected vectors and components");
    NpyBytes.write(vectors, "<f4", "False", "3, 3", data);
    refused(
        ": 3 x 3 items of <f4 take 164 bytes with the header, but the file has 152; was it cut short?");
    NpyBytes.write(vectors, "<f4", "False", "99999999999, 3", data);
    refused(": the shape has \"99999999999\", expected a number up to 2,147,483,647");
    NpyBytes.write(vectors, "<f4", "False", "0, 3", new byte[0]);
    refused(": has the shape (0, 3), there are no vectors");
    NpyBytes.write(vectors, "|i1", "False", "3, 8", data);
    refused(
        ": holds int8 vectors, but "
            + vectors
            + ".json does not say between which values they lie");
    Files.writeString(vectors, "0.5,0.25\n0.1,0.2\n");
    refused(": is no NumPy array (.npy)");
    Files.write(vectors, new byte[] {(byte) 0x93, 'N', 'U'});
    refused(": ends after 3 bytes, in the header of a NumPy array");
    NpyBytes.floats(
        vectors, new float[] {1, 2}, new float[] {3, Float.NaN}, new float[] {1, Float.NaN});
    refused(": the component 1 of vector 1 (line 2) is NaN; embed that line again");
  }
}
