package dev.kumiko.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherVectorsTest {
  private static final int COUNT = 150;

  @TempDir private Path folder;

  private final List<String> asked = new ArrayList<>();

  private DataFile data(String first) throws IOException {
    List<String> lines =
        IntStream.range(0, COUNT).mapToObj(i -> (i == 0 ? first : "a" + i) + "\tb" + i).toList();
    Path path = Files.write(folder.resolve("data.tsv"), lines);
    return DataFile.open(path, FileFormat.TSV, Columns.first(2), false);
  }

  private static float[] expected(String text) {
    return new float[] {text.hashCode(), text.length(), -1.5f};
  }

  private TeacherVectors open(String identity, DataFile data, int column, int failing)
      throws IOException {
    return TeacherVectors.open(
        folder.resolve("teacher.cache"),
        identity,
        data,
        column,
        3,
        texts -> {
          if (asked.size() + texts.size() > failing) {
            throw new IOException("stopped");
          }
          asked.addAll(texts);
          return texts.stream().map(TeacherVectorsTest::expected).toList();
        },
        done -> {});
  }

  private static void check(TeacherVectors vectors, String column) throws IOException {
    for (int i = COUNT - 1; i > 0; i--) {
      assertArrayEquals(expected(column + i), vectors.vector(i));
    }
  }

  @Test
  void everyTextIsAskedForOnce() throws IOException {
    try (DataFile data = data("a0")) {
      for (int run = 0; run < 2; run++) {
        try (TeacherVectors vectors = open("t", data, 1, COUNT)) {
          check(vectors, "b");
        }
        assertEquals(COUNT, asked.size());
      }
    }
  }

  /** Cut at every byte of the second batch's last row, as by a full disk. */
  @Test
  void whatWasStoppedGoesOnBehindTheLastWholeRow() throws IOException {
    Path part = folder.resolve("teacher.cache.part");
    try (DataFile data = data("a0")) {
      assertThrows(IOException.class, () -> open("t", data, 0, 130));
      byte[] left = Files.readAllBytes(part);
      assertFalse(Files.exists(folder.resolve("teacher.cache")));
      for (int cut = 1; cut <= 16; cut++) {
        asked.clear();
        Files.write(part, Arrays.copyOf(left, left.length - cut));
        try (TeacherVectors vectors = open("t", data, 0, COUNT)) {
          check(vectors, "a");
        }
        assertEquals(COUNT - 127, asked.size());
        assertFalse(Files.exists(part));
        Files.delete(folder.resolve("teacher.cache"));
      }
      // Of another teacher, nothing is taken over.
      asked.clear();
      Files.write(part, left);
      open("other", data, 0, COUNT).close();
      assertEquals(COUNT, asked.size());
    }
  }

  @Test
  void anotherTeacherOrOtherDataAreRefused() throws IOException {
    try (DataFile data = data("a0")) {
      open("t", data, 0, COUNT).close();
      DataException e = assertThrows(DataException.class, () -> open("u", data, 0, COUNT));
      assertTrue(
          e.getMessage().contains("holds vectors of another teacher or of other data"),
          e.getMessage());
      assertThrows(DataException.class, () -> open("t", data, 1, COUNT));
    }
    try (DataFile other = data("changed")) {
      assertThrows(DataException.class, () -> open("t", other, 0, COUNT));
    }
  }

  @Test
  void damageIsNoticed() throws IOException {
    Path cache = folder.resolve("teacher.cache");
    try (DataFile data = data("a0")) {
      open("t", data, 0, COUNT).close();
      byte[] bytes = Files.readAllBytes(cache);
      byte[] changed = bytes.clone();
      changed[changed.length - 20] ^= 1;
      Files.write(cache, changed);
      try (TeacherVectors vectors = open("t", data, 0, COUNT)) {
        vectors.vector(0);
        DataException e = assertThrows(DataException.class, () -> vectors.vector(COUNT - 2));
        assertTrue(e.getMessage().contains("is damaged"), e.getMessage());
      }
      Files.write(cache, Arrays.copyOf(bytes, bytes.length - 1));
      assertThrows(DataException.class, () -> open("t", data, 0, COUNT));
    }
  }
}
