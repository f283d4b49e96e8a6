package dev.kumiko.tools;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How vectors are written. */
enum VectorFormat {
  /** JSON lines, one object for each text. */
  JSON("\\{\"text\":\".*"),
  /** One row of numbers for each text. */
  CSV("(-?\\d+\\.\\d+(E-?\\d+)?[,\n])+.*"),
  /** One NumPy array. */
  NPY("\u0093NUMPY.*");

  private final Pattern beginning;

  VectorFormat(String beginning) {
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /** Returns whether a file that begins with these bytes may be of this format. */
  boolean began(byte[] bytes) {
    return beginning.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).matches();
  }
}
