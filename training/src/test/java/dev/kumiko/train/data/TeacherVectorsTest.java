package dev.kumiko.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherVectorsTest {
  private static final int COUNT = 50;
  private static final int ROW = 3 * Float.BYTES + Integer.BYTES;

  @TempDir private Path folder;

  private final List<String> asked = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private DataFile data(String first) throws IOException {
    List<String> lines =
        IntStream.range(0, COUNT).mapToObj(i -> (i == 0 ? first : "a" + i) + "\tb" + i).toList();
    Path path = Files.write(folder.resolve("data.tsv"), lines);
    return DataFile.open(path, FileFormat.TSV, Columns.first(2), false);
  }

  private TeacherVectors open(String teacher, DataFile data, int column) throws IOException {
    return TeacherVectors.open(folder, teacher, data, column, 3, notes::add);
  }

  private static float[] expected(String text) {
    return new float[] {text.hashCode(), text.length(), -1.5f};
  }

  /** Asks for some examples as a batch does, and checks all. */
  private void ask(TeacherVectors vectors, DataFile data, int column, List<Integer> numbers)
      throws IOException {
    List<String> texts = new ArrayList<>();
    for (int number : numbers) {
      texts.add(data.example(number).texts().get(column));
    }
    List<float[]> found =
        vectors.vectors(
            numbers,
            texts,
            missing -> {
              asked.addAll(missing);
              return missing.stream().map(TeacherVectorsTest::expected).toList();
            });
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(expected(texts.get(i)), found.get(i));
    }
  }

  private static List<Integer> shuffled(int seed) {
    List<Integer> numbers = new ArrayList<>(IntStream.range(0, COUNT).boxed().toList());
    Collections.shuffle(numbers, new Random(seed));
    return numbers;
  }

  @Test
  void everyTextIsAskedForOnceInAllEpochsAndRuns() throws IOException {
    try (DataFile data = data("a0")) {
      for (int run = 0; run < 2; run++) {
        try (TeacherVectors vectors = open("t", data, 1)) {
          for (int epoch = 0; epoch < 2; epoch++) {
            List<Integer> order = shuffled(epoch);
            for (int from = 0; from < COUNT; from += 7) {
              ask(vectors, data, 1, order.subList(from, Math.min(COUNT, from + 7)));
            }
          }
        }
        assertEquals(COUNT, asked.size());
      }
    }
    assertEquals(List.of(), notes);
  }

  @Test
  void aTextThatStandsTwiceInABatchIsComputedOnce() throws IOException {
    try (DataFile data = data("a1");
        TeacherVectors vectors = open("t", data, 0)) {
      ask(vectors, data, 0, List.of(1, 0, 7));
      assertEquals(List.of("a1", "a7"), asked);
    }
  }

  /** Cut at every byte of a row, as by a process that was killed. */
  @Test
  void whatIsMissingIsComputed() throws IOException {
    try (DataFile data = data("a0")) {
      Path file;
      try (TeacherVectors vectors = open("t", data, 0)) {
        ask(vectors, data, 0, shuffled(1));
        file = vectors.file();
      }
      byte[] whole = Files.readAllBytes(file);
      for (int cut = 1; cut <= ROW; cut++) {
        asked.clear();
        Files.write(file, Arrays.copyOf(whole, whole.length - cut));
        try (TeacherVectors vectors = open("t", data, 0)) {
          ask(vectors, data, 0, shuffled(2));
        }
        assertEquals(List.of("a" + (COUNT - 1)), asked);
        assertArrayEquals(whole, Files.readAllBytes(file));
      }
    }
  }

  @Test
  void damageIsSaidAndComputedAgain() throws IOException {
    try (DataFile data = data("a0")) {
      Path file;
      try (TeacherVectors vectors = open("t", data, 0)) {
        ask(vectors, data, 0, shuffled(1));
        file = vectors.file();
      }
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[whole.length - ROW - 9] ^= 1;
      Files.write(file, damaged);
      asked.clear();
      try (TeacherVectors vectors = open("t", data, 0)) {
        ask(vectors, data, 0, shuffled(2));
      }
      assertEquals(List.of("a" + (COUNT - 2)), asked);
      assertEquals(
          List.of(file + ": the vector of example 49 is damaged; it is computed again"), notes);
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
  }

  /** Whatever stands under the name: of another teacher it is not believed. */
  @Test
  void anotherTeachersFileIsReplaced() throws IOException {
    try (DataFile data = data("a0")) {
      Path mine;
      Path others;
      try (TeacherVectors vectors = open("t", data, 0)) {
        mine = vectors.file();
      }
      try (TeacherVectors vectors = open("u", data, 0)) {
        ask(vectors, data, 0, shuffled(1));
        others = vectors.file();
      }
      assertNotEquals(mine, others);
      Files.move(others, mine, StandardCopyOption.REPLACE_EXISTING);
      asked.clear();
      try (TeacherVectors vectors = open("t", data, 0)) {
        ask(vectors, data, 0, shuffled(1));
      }
      assertEquals(COUNT, asked.size());
      assertTrue(notes.getFirst().contains("of another teacher or of other data"), notes::toString);
    }
  }

  @Test
  void anotherColumnAndOtherDataHaveFilesOfTheirOwn() throws IOException {
    Path first;
    try (DataFile data = data("a0")) {
      try (TeacherVectors one = open("t", data, 0);
          TeacherVectors two = open("t", data, 1)) {
        first = one.file();
        assertNotEquals(first, two.file());
        DataException e = assertThrows(DataException.class, () -> open("t", data, 0));
        assertTrue(e.getMessage().contains("somebody else is computing"), e.getMessage());
      }
    }
    try (DataFile other = data("changed");
        TeacherVectors vectors = open("t", other, 0)) {
      assertNotEquals(first, vectors.file());
    }
  }
}
