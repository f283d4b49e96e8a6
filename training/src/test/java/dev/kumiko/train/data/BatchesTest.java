package dev.kumiko.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
  @TempDir private Path folder;

  private final List<DataFile> files = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (DataFile file : files) {
      file.close();
    }
  }

  /** Lines {@code <name>0} and so on. */
  private DataFile texts(String name, int count) throws IOException {
    return pairs(name, IntStream.range(0, count).mapToObj(i -> name + i).toList());
  }

  private DataFile pairs(String name, List<String> lines) throws IOException {
    Path path = Files.write(folder.resolve(name + ".tsv"), lines);
    Columns columns = Columns.first(lines.getFirst().split("\t", -1).length);
    DataFile file = DataFile.open(path, FileFormat.TSV, columns, false);
    files.add(file);
    return file;
  }

  private static List<List<Integer>> epoch(Batches batches) throws IOException {
    List<List<Integer>> numbers = new ArrayList<>();
    for (Optional<Batch> b = batches.next(); b.isPresent(); b = batches.next()) {
      numbers.add(b.get().numbers());
    }
    return numbers;
  }

  private static List<Integer> sorted(List<List<Integer>> batches) {
    return batches.stream().flatMap(List::stream).sorted().toList();
  }

  @Test
  void everyEpochHasEveryExampleOnceInAnOrderOfItsOwn() throws IOException {
    DataFile file = texts("t", 10);
    Batches batches = new Batches(List.of(file), BatchOptions.of(4, 1));
    List<List<Integer>> first = epoch(batches);
    assertEquals(List.of(4, 4, 2), first.stream().map(List::size).toList());
    assertEquals(3, batches.batchesPerEpoch());
    assertEquals(IntStream.range(0, 10).boxed().toList(), sorted(first));
    assertEquals(1, batches.epoch());
    List<List<Integer>> second = epoch(batches);
    assertEquals(sorted(first), sorted(second));
    assertNotEquals(first, second);
    assertEquals(first, epoch(new Batches(List.of(file), BatchOptions.of(4, 1))));
    assertNotEquals(first, epoch(new Batches(List.of(file), BatchOptions.of(4, 2))));
  }

  @Test
  void aBatchHoldsItsExamples() throws IOException {
    DataFile file = pairs("p", List.of("a\tb", "c\td", "e\tf"));
    Batch batch = new Batches(List.of(file), BatchOptions.of(2, 1).inOrder()).next().orElseThrow();
    assertEquals(List.of(0, 1), batch.numbers());
    assertEquals(List.of("a", "c"), batch.texts(0));
    assertEquals(List.of("b", "d"), batch.texts(1));
    assertEquals(0, batch.labels().length);
    assertEquals(file.file() + ": line 2", batch.places().get(1));
  }

  @Test
  void theLastBatchIsDroppedAndCountedIfAsked() throws IOException {
    Batches batches =
        new Batches(List.of(texts("t", 10)), BatchOptions.of(4, 1).inOrder().droppingLast());
    assertEquals(List.of(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7)), epoch(batches));
    assertEquals(2, batches.batchesPerEpoch());
    assertEquals(2, batches.dropped());
    DataException e =
        assertThrows(
            DataException.class, () -> new Batches(files, BatchOptions.of(11, 1).droppingLast()));
    assertEquals(
        files.getFirst().file()
            + ": has 10 examples, but a batch takes 11 and smaller ones are dropped",
        e.getMessage());
  }

  /** Each of the 24 orders of 4 examples within five standard deviations of its expectation. */
  @Test
  void allOrdersAreEquallyLikely() throws IOException {
    Batches batches = new Batches(List.of(texts("t", 4)), BatchOptions.of(4, 9));
    int epochs = 12_000;
    int[] counts = new int[4 * 4 * 4 * 4];
    for (int i = 0; i < epochs; i++) {
      List<Integer> order = epoch(batches).getFirst();
      counts[((order.get(0) * 4 + order.get(1)) * 4 + order.get(2)) * 4 + order.get(3)]++;
    }
    int[] seen = Arrays.stream(counts).filter(count -> count > 0).toArray();
    assertEquals(24, seen.length);
    for (int count : seen) {
      assertEquals(epochs / 24.0, count, 5 * Math.sqrt(epochs / 24.0));
    }
  }

  @Test
  void noTextStandsTwiceInABatchAndNothingIsLost() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      lines.add("q" + i % 7 + "\t" + (i % 3 == 0 ? "q" + i % 5 : "p" + i));
    }
    DataFile file = pairs("p", lines);
    Batches batches = new Batches(List.of(file), BatchOptions.of(4, 3).withoutDuplicates());
    List<List<Integer>> numbers = new ArrayList<>();
    for (Optional<Batch> b = batches.next(); b.isPresent(); b = batches.next()) {
      Set<String> texts = new HashSet<>();
      for (Example example : b.get().examples()) {
        for (String text : new HashSet<>(example.texts())) {
          assertTrue(texts.add(text), () -> text + " twice");
        }
      }
      numbers.add(b.get().numbers());
    }
    assertEquals(IntStream.range(0, 200).boxed().toList(), sorted(numbers));
    assertTrue(numbers.size() >= batches.batchesPerEpoch());
  }

  @Test
  void whatDoesNotFitComesFirstInTheNextBatch() throws IOException {
    DataFile file = pairs("p", List.of("a\tb", "a\tc", "d\tb", "e\tf", "g\th", "i\tj"));
    Batches batches =
        new Batches(List.of(file), BatchOptions.of(2, 1).inOrder().withoutDuplicates());
    assertEquals(List.of(List.of(0, 3), List.of(1, 2), List.of(4, 5)), epoch(batches));
    assertEquals(0, batches.shortBatches());
  }

  /** Memory for what does not fit is bounded; batches then go out smaller and are counted. */
  @Test
  void aFileOfOneTextEndsInSmallBatches() throws IOException {
    DataFile file = pairs("p", Collections.nCopies(1000, "same"));
    Batches batches = new Batches(List.of(file), BatchOptions.of(4, 1).withoutDuplicates());
    List<List<Integer>> numbers = epoch(batches);
    assertEquals(1000, numbers.size());
    assertEquals(IntStream.range(0, 1000).boxed().toList(), sorted(numbers));
    assertEquals(999, batches.shortBatches());
    Batches full =
        new Batches(List.of(file), BatchOptions.of(4, 1).withoutDuplicates().droppingLast());
    int count = epoch(full).size();
    assertEquals(1000, count + full.dropped());
  }

  @Test
  void filesAreDrawnAsOftenAsTheyHaveBatches() throws IOException {
    DataFile small = texts("s", 30);
    DataFile large = texts("l", 270);
    Batches batches = new Batches(List.of(small, large), BatchOptions.of(3, 5));
    int[] early = new int[2];
    for (int epoch = 0; epoch < 40; epoch++) {
      List<List<Integer>> ofSmall = new ArrayList<>();
      List<List<Integer>> ofLarge = new ArrayList<>();
      int count = 0;
      for (Optional<Batch> b = batches.next(); b.isPresent(); b = batches.next()) {
        boolean isSmall = b.get().file() == small;
        (isSmall ? ofSmall : ofLarge).add(b.get().numbers());
        early[isSmall ? 0 : 1] += count++ < 50 ? 1 : 0;
      }
      assertEquals(IntStream.range(0, 30).boxed().toList(), sorted(ofSmall));
      assertEquals(IntStream.range(0, 270).boxed().toList(), sorted(ofLarge));
    }
    // 2,000 draws of the first half: 10 % of the small file, within five deviations (below 13.5).
    assertEquals(200, early[0], 68);
  }

  @Test
  void filesInTurnEndWithTheSmallest() throws IOException {
    DataFile a = texts("a", 9);
    DataFile b = texts("b", 4);
    BatchOptions options = BatchOptions.of(2, 5).mixed(Mixing.ROUND_ROBIN);
    Batches batches = new Batches(List.of(a, b), options);
    StringBuilder order = new StringBuilder();
    for (Optional<Batch> next = batches.next(); next.isPresent(); next = batches.next()) {
      order.append(next.get().file() == a ? 'a' : 'b');
    }
    assertEquals("ababa", order.toString());
    assertEquals(5, batches.batchesPerEpoch());
    assertEquals(3, batches.unused());
  }

  /** From every position of two epochs, in other objects. */
  @Test
  void aSavedPositionContinuesToTheSameBatches() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add("q" + i % 5 + "\tp" + i);
    }
    List<DataFile> data = List.of(pairs("p", lines), texts("t", 17));
    for (Mixing mixing : Mixing.values()) {
      BatchOptions options = BatchOptions.of(4, 11).withoutDuplicates().mixed(mixing);
      Batches batches = new Batches(data, options);
      List<byte[]> positions = new ArrayList<>();
      List<Object> expected = new ArrayList<>();
      while (batches.epoch() < 2) {
        positions.add(batches.position());
        expected.add(batches.next().map(Batch::examples));
      }
      for (int start = 0; start < positions.size(); start++) {
        Batches restored = new Batches(data, options);
        restored.restore(positions.get(start));
        assertArrayEquals(positions.get(start), restored.position());
        for (int i = start; i < expected.size(); i++) {
          assertEquals(expected.get(i), restored.next().map(Batch::examples));
        }
      }
    }
  }

  @Test
  void positionsOfOtherDataAreRefused() throws IOException {
    DataFile data = texts("t", 17);
    BatchOptions options = BatchOptions.of(4, 1);
    byte[] position = new Batches(List.of(data), options).position();
    Batches others = new Batches(List.of(texts("u", 17)), options);
    assertEquals(
        files.get(1).file()
            + ": is not what the saved position is of: its bytes, its columns or the number of files"
            + " differ",
        assertThrows(DataException.class, () -> others.restore(position)).getMessage());
    Batches larger = new Batches(List.of(data), BatchOptions.of(5, 1));
    assertThrows(DataException.class, () -> larger.restore(position));
    Batches same = new Batches(List.of(data), options);
    for (int length = 0; length < position.length; length++) {
      byte[] cut = Arrays.copyOf(position, length);
      assertThrows(DataException.class, () -> same.restore(cut));
    }
  }
}
