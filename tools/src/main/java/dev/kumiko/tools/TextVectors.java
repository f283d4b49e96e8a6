package dev.kumiko.tools;

import dev.kumiko.Embedding;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes vectors as lines of text. Numbers are as short as they can be and still give the same
 * float.
 *
 * <p>JSON: {@code {"text":"...","tokens":11,"truncated":false,"vector":[0.01,...]}}. CSV: the
 * components alone, without a header.
 */
final class TextVectors implements VectorWriter {
  private final OutputStream out;
  private final boolean json;
  private final StringBuilder line = new StringBuilder();

  /**
   * Prepares to write.
   *
   * @param json JSON lines if true, CSV if not
   */
  TextVectors(OutputStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  @Override
  public void write(String text, Embedding embedding) throws IOException {
    line.setLength(0);
    if (json) {
      line.append("{\"text\":").append(Json.text(text));
      line.append(",\"tokens\":").append(embedding.tokens());
      line.append(",\"truncated\":").append(embedding.truncated());
      line.append(",\"vector\":[");
    }
    String comma = "";
    for (float component : embedding.vector()) {
      line.append(comma).append(component);
      comma = ",";
    }
    line.append(json ? "]}\n" : "\n");
    out.write(line.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }
}
