package dev.kumiko.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFileTest {
  private static final Columns SCORED =
      Columns.named("a", "b").withScore(Column.named("s"), ScoreScale.given(0, 5));

  @TempDir private Path folder;

  private DataFile open(String name, String text, Columns columns, boolean skip)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return DataFile.open(file, FileFormat.of(file), columns, skip);
  }

  private static List<Example> examples(DataFile file) throws IOException {
    List<Example> examples = new ArrayList<>();
    for (int i = file.size() - 1; i >= 0; i--) {
      examples.addFirst(file.example(i));
    }
    return examples;
  }

  private void refused(String name, String text, Columns columns, String message) {
    DataException e =
        assertThrows(DataException.class, () -> open(name, text, columns, false).close());
    assertEquals(folder.resolve(name) + ": " + message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv  | s,x,b,a@5,,two,one@2.5,y,\"f,our\",three@",
        "a.tsv  | b	s	a@two	5	one@f,our	2.5	three",
        "a.jsonl| {\"a\":\"one\",\"b\":\"two\",\"s\":5}@{\"s\":2.5,\"x\":[],\"b\":\"f,our\",\"a\":\"three\"}@"
      })
  void everyFormatGivesTheSameExamples(String name, String text) throws IOException {
    try (DataFile file = open(name.strip(), text.replace('@', '\n'), SCORED, false)) {
      assertEquals(
          List.of(
              new Example(List.of("one", "two"), List.of(1.0)),
              new Example(List.of("three", "f,our"), List.of(0.5))),
          examples(file));
      assertEquals(2.5, file.lowestLabel());
      assertEquals(5, file.highestLabel());
    }
  }

  @Test
  void columnsByPositionNeedNoHeader() throws IOException {
    Example expected = new Example(List.of("a", "b"), List.of(0.25));
    for (String name : List.of("a.csv", "a.jsonl")) {
      String text = name.equals("a.csv") ? "a,b,0.25\n" : "[\"a\",\"b\",0.25]\n";
      try (DataFile file = open(name, text, Columns.scoredPairs(ScoreScale.NONE), false)) {
        assertEquals(List.of(expected), examples(file));
      }
    }
    try (DataFile file = open("a.txt", "one\ntwo, \"x\n", Columns.first(1), false)) {
      assertEquals(List.of("two, \"x"), file.example(1).texts());
      assertEquals(List.of(), file.example(1).labels());
    }
    try (DataFile file = open("t.tsv", "q\tp\tn1\tn2\n", Columns.first(4), false)) {
      assertEquals(List.of("q", "p", "n1", "n2"), file.example(0).texts());
    }
  }

  @Test
  void classesAreNumbersOrNames() throws IOException {
    Columns numbers = Columns.named("t").withCategory(Column.named("c"), List.of());
    try (DataFile file = open("a.csv", "t,c\nx,2\ny,0\n", numbers, false)) {
      assertEquals(List.of(2.0), file.example(0).labels());
    }
    Columns names = Columns.named("t").withCategory(Column.named("c"), List.of("no", "yes"));
    try (DataFile file = open("b.jsonl", "{\"t\":\"x\",\"c\":\"yes\"}", names, false)) {
      assertEquals(List.of(1.0), file.example(0).labels());
    }
    refused(
        "a.csv",
        "t,c\nx,-1\n",
        numbers,
        "line 2: c is \"-1\", expected the number of a class, from 0");
    refused("a.csv", "t,c\nx,maybe\n", names, "line 2: c is \"maybe\", expected one of [no, yes]");
  }

  @Test
  void aLineMayHaveSeveralScores() throws IOException {
    Columns columns = Columns.first(3);
    Columns scored = columns.withScores(columns.next(2), ScoreScale.NONE);
    try (DataFile file = open("a.csv", "q,p,n,9.5,-2\nr,s,t,1,2\n", scored, false)) {
      assertEquals(
          new Example(List.of("q", "p", "n"), List.of(9.5, -2.0)), examples(file).getFirst());
    }
    refused("a.csv", "q,p,n,9.5,none\n", scored, "line 1: column 5 is \"none\", expected a number");
    assertThrows(IllegalArgumentException.class, () -> Columns.named("a", "b").next(1));
  }

  @Test
  void aRangeIsGivenOrFound() throws IOException {
    String text = "a,b,s\nx,y,2\nz,w,4\nu,v,3\n";
    Columns found = Columns.named("a", "b").withScore(Column.named("s"), ScoreScale.FOUND);
    try (DataFile file = open("a.csv", text, found, false)) {
      assertEquals(
          List.of(List.of(0.0), List.of(1.0), List.of(0.5)),
          examples(file).stream().map(Example::labels).toList());
    }
    refused(
        "a.csv",
        "a,b,s\nx,y,2\nz,w,2\n",
        found,
        "all 2 scores are 2.0, so that they have no range to be scaled from");
    refused(
        "a.csv", "a,b,s\nx,y,7\n", SCORED, "line 2: s is 7.0, expected a number from 0.0 to 5.0");
  }

  @Test
  void badLinesAreNamed() {
    refused("a.csv", "a,b,s\nx,y\n", SCORED, "line 2 has 2 columns, expected 3");
    refused("a.csv", "a,b,s\nx,y,1\nx,y,1,2\n", SCORED, "line 3 has 4 columns, expected 3");
    refused("a.csv", "a,b,s\nx,y,many\n", SCORED, "line 2: s is \"many\", expected a number");
    Columns free = Columns.named("a", "b").withScore(Column.named("s"), ScoreScale.NONE);
    refused("a.csv", "a,b,s\nx,y,NaN\n", free, "line 2: s is NaN, expected a finite number");
    refused("a.csv", "a,b,s\nx,y,1e999\n", free, "line 2: s is Infinity, expected a finite number");
    refused("a.csv", "a,b,s\n\"x\n\ny\", ,1\n", SCORED, "line 2: b is empty, expected a text");
    refused("a.txt", "x\n\ny\n", Columns.first(1), "line 2: column 1 is empty, expected a text");
    refused("a.jsonl", "{\"a\":\"x\",\"b\":\"y\"}\n", SCORED, "line 1: s is missing");
    refused("a.jsonl", "{\"a\":5,\"b\":\"y\",\"s\":1}", SCORED, "line 1: a is 5, expected text");
    refused("a.csv", "x\n", Columns.first(2), "line 1 has 1 columns and no column 2");
  }

  @Test
  void whatIsNoJsonIsNamed() {
    for (String line : List.of("{", "{} x", "{\"a\":\"x\",\"a\":\"y\"}", "x", "{\"a\":NaN}")) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> open("a.jsonl", "{\"a\":\"x\"}\n" + line, Columns.named("a"), false).close());
      assertTrue(
          e.getMessage().startsWith(folder.resolve("a.jsonl") + ": line 2: "), e.getMessage());
    }
  }

  @Test
  void headersAreChecked() {
    refused("a.csv", "", SCORED, "is empty, expected a header that names the columns");
    refused("a.csv", "a,b,s\n", SCORED, "has no lines");
    refused("a.csv", "a,b,c\nx,y,1\n", SCORED, "the header has no column \"s\", but a, b, c");
    refused("a.csv", "a,b,a\nx,y,1\n", SCORED, "the header names \"a\" twice");
    refused(
        "a.txt",
        "x\n",
        SCORED,
        "is plain text, which has one column without a name; name it .csv, .tsv or .jsonl if it is"
            + " that");
  }

  @Test
  void badLinesAreCountedIfAsked() throws IOException {
    String text = "a,b,s\nx,y,1\nx,y\n\"x,y,3\nu,v,4\nw,,5\nz,\"z\"z,1\nq,r,5\n";
    try (DataFile file = open("a.csv", text, SCORED, true)) {
      assertEquals(
          List.of("x", "u", "q"), examples(file).stream().map(e -> e.texts().get(0)).toList());
      assertEquals(4, file.badLines());
      assertEquals(file.file() + ": line 3 has 2 columns, expected 3", file.firstBadLine());
      assertEquals(file.file() + ": line 8", file.place(2));
    }
    DataException e =
        assertThrows(DataException.class, () -> open("a.csv", "a,b,s\nx\n", SCORED, true).close());
    assertEquals(
        "%1$s: has no good line, but 1 bad ones; first: %1$s: line 2 has 1 columns, expected 3"
            .formatted(folder.resolve("a.csv")),
        e.getMessage());
  }

  @Test
  void theIdentityIsThatOfBytesAndMeaning() throws IOException {
    String text = "a,b,s\nx,y,1\n";
    try (DataFile file = open("a.csv", text, SCORED, false);
        DataFile same = open("b.csv", text, SCORED, false);
        DataFile skipping = open("c.csv", text, SCORED, true);
        DataFile columns = open("d.csv", text, Columns.named("a", "b"), false);
        DataFile bytes = open("e.csv", text + "\n", SCORED, false)) {
      assertEquals(file.identity(), same.identity());
      for (DataFile other : List.of(skipping, columns, bytes)) {
        assertNotEquals(file.identity(), other.identity());
      }
    }
  }

  @Test
  void aFileThatChangedIsNoticed() throws IOException {
    try (DataFile file = open("a.csv", "a,b,s\nx,y,1\nu,v,2\n", SCORED, false)) {
      Files.writeString(file.file(), "a,b,s\nx,y,1\n");
      DataException e = assertThrows(DataException.class, () -> file.example(1));
      assertEquals(
          file.file()
              + ": has changed since it was opened: no example begins at byte 12 any longer",
          e.getMessage());
    }
  }

  @Test
  void columnsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> Columns.named("a", "a"));
    assertThrows(IllegalArgumentException.class, () -> Columns.first(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> Columns.named("a").withScore(Column.at(2), ScoreScale.NONE));
    assertThrows(IllegalArgumentException.class, () -> Column.at(0));
    assertThrows(IllegalArgumentException.class, () -> ScoreScale.given(5, 0));
    assertThrows(IllegalArgumentException.class, () -> ScoreScale.given(0, Double.NaN));
  }
}
