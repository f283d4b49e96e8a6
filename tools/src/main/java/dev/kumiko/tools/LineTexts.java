package dev.kumiko.tools;

import dev.kumiko.train.data.Utf8Lines;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Texts from a stream, one a line; an empty line is an empty text. */
final class LineTexts implements TextSource {
  private static final int MOST_TEXTS = 512;
  private static final int MOST_CHARS = 1 << 20;

  private final Utf8Lines lines;
  private final long size;

  /**
   * Prepares to read.
   *
   * @param source the stream's name for messages
   * @param size number of bytes of the stream, or -1 if unknown
   */
  LineTexts(InputStream in, String source, long size) {
    this.lines = new Utf8Lines(in, source);
    this.size = size;
  }

  /** Ends a batch early when the next line is not there yet: somebody waits for an answer. */
  @Override
  public List<String> next() throws IOException {
    List<String> texts = new ArrayList<>();
    long chars = 0;
    do {
      String line = lines.next();
      if (line == null) {
        break;
      }
      texts.add(line);
      chars += line.length();
    } while (texts.size() < MOST_TEXTS && chars < MOST_CHARS && lines.ready());
    return texts;
  }

  @Override
  public String place(long text) {
    return "line " + (text + 1);
  }

  @Override
  public OptionalDouble fraction() {
    return size > 0
        ? OptionalDouble.of(Math.min(1, (double) lines.bytesRead() / size))
        : OptionalDouble.empty();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
