package dev.kumiko.tools.convert.vocabulary;

import dev.kumiko.tools.convert.ConversionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A text file of which every line counts. */
final class LineFile {
  private LineFile() {}

  /** Returns the lines, which end with a line feed alone or behind a carriage return. */
  static List<String> read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ConversionException(file + " is not UTF-8 text, as a vocabulary must be.");
    }
    // Not String.lines, for which a carriage return alone ends a line.
    List<String> lines = List.of(text.split("\n", -1));
    return lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
  }
}
