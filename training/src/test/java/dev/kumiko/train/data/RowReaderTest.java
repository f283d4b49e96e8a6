package dev.kumiko.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderTest {
  @TempDir private Path folder;

  private static List<List<String>> read(Path file, FileFormat format) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    try (RowReader reader = RowReader.open(file, format)) {
      for (Row row = reader.next(); row != null; row = reader.next()) {
        rows.add(row.values());
      }
    }
    return rows;
  }

  private List<List<String>> csv(String text) throws IOException {
    return read(Files.writeString(folder.resolve("a.csv"), text), FileFormat.CSV);
  }

  @Provide
  Arbitrary<List<List<String>>> rows() {
    Arbitrary<String> value =
        Arbitraries.strings().withChars("a ,\"\n\téß").ofMaxLength(6).filter(v -> !v.equals("\n"));
    return value.list().ofSize(3).list().ofMinSize(1).ofMaxSize(6);
  }

  /** What Commons CSV writes is read as it was. */
  @Property(tries = 500)
  void readsWhatAnotherWriterWrites(@ForAll("rows") List<List<String>> rows) throws IOException {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(CSVFormat.RFC4180.format(row.toArray())).append("\r\n");
    }
    Path file = Files.createTempFile("kumiko", ".csv");
    try {
      Files.writeString(file, text.toString());
      assertEquals(rows, read(file, FileFormat.CSV));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void quotesAreSpecialInCsvAtTheBeginningOfAValueOnly() throws IOException {
    assertEquals(List.of(List.of("a \"b\"", "c")), csv("a \"b\",c\n"));
    assertEquals(List.of(List.of("", "")), csv("\"\",\n"));
    Path tsv = Files.writeString(folder.resolve("a.tsv"), "\"a\tb \"c\" \t\n");
    assertEquals(List.of(List.of("\"a", "b \"c\" ", "")), read(tsv, FileFormat.TSV));
  }

  @Test
  void linesEndInEitherWayAndAMarkIsSkipped() throws IOException {
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "d\ne"), List.of("f", "g")),
        csv("\uFEFFa,b\r\n\r\nc,\"d\r\ne\"\n\nf,g"));
    Path text = Files.writeString(folder.resolve("a.txt"), "a\n\nb\n");
    assertEquals(List.of(List.of("a"), List.of(""), List.of("b")), read(text, FileFormat.TEXT));
  }

  @Test
  void behindABadRowTheNextLineIsRead() throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "a,b\nx,\"y\nc,d\n\"e\"f,g\nh,i\n", StandardCharsets.UTF_8);
    try (RowReader reader = RowReader.open(file, FileFormat.CSV)) {
      assertEquals(new Row(0, 1, List.of("a", "b")), reader.next());
      assertEquals(
          file
              + ": line 2 has \"e\"f,g\" behind the closing quote of column 2, expected a comma; a"
              + " quote inside quotes is written twice",
          assertThrows(DataException.class, reader::next).getMessage());
      assertEquals(new Row(9, 3, List.of("c", "d")), reader.next());
      assertEquals(
          file
              + ": line 4 has \"f,g\" behind the closing quote of column 1, expected a comma; a"
              + " quote inside quotes is written twice",
          assertThrows(DataException.class, reader::next).getMessage());
      assertEquals(new Row(20, 5, List.of("h", "i")), reader.next());
      assertEquals(null, reader.next());
    }
  }

  @Test
  void aQuoteThatIsNeverClosedIsNamedByItsBeginning() throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "a,b\nx,\"y\nc,d\n");
    try (RowReader reader = RowReader.open(file, FileFormat.CSV)) {
      reader.next();
      assertEquals(
          file + ": line 2 has a quote that opens column 2 and is never closed",
          assertThrows(DataException.class, reader::next).getMessage());
      assertEquals(new Row(9, 3, List.of("c", "d")), reader.next());
    }
  }

  @Test
  void bytesThatAreNoTextAreNamed() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.write(file, new byte[] {'a', '\n', 'b', (byte) 0xE4, '\n', 'c', '\n'});
    try (RowReader reader = RowReader.open(file, FileFormat.TEXT)) {
      reader.next();
      assertEquals(
          file + ": line 2 is not UTF-8: byte 0xE4 at byte offset 3 of the input; convert it first",
          assertThrows(DataException.class, reader::next).getMessage());
      assertEquals(new Row(5, 3, List.of("c")), reader.next());
    }
  }

  @Test
  void aFolderIsNoFile() {
    assertEquals(
        folder + ": is a directory, expected a file of data",
        assertThrows(DataException.class, () -> RowReader.open(folder, FileFormat.CSV))
            .getMessage());
  }
}
