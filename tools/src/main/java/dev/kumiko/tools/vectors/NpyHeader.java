package dev.kumiko.tools.vectors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands at the beginning of a <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy array</a>.
 *
 * @param type of the items
 * @param rows number of vectors
 * @param items of each vector
 * @param offset where the data begin, in bytes
 */
record NpyHeader(VectorType type, int rows, int items, long offset) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int PREFIX = 12;
  private static final int LONGEST = 1 << 16;
  private static final String REWRITE =
      "; write it again: numpy.save(file, numpy.ascontiguousarray(array, \"<f4\"))";

  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  static NpyHeader read(Path file, FileChannel channel) throws IOException {
    ByteBuffer prefix =
        ByteBuffer.wrap(bytes(file, channel, 0, PREFIX)).order(ByteOrder.LITTLE_ENDIAN);
    for (byte b : MAGIC) {
      if (prefix.get() != b) {
        throw new VectorFileException(file + ": is no NumPy array (.npy)");
      }
    }
    int version = prefix.get();
    prefix.get();
    int start = version == 1 ? 10 : PREFIX;
    long length = version == 1 ? Short.toUnsignedInt(prefix.getShort()) : prefix.getInt();
    if (version < 1 || version > 3 || length < 0 || length > LONGEST) {
      throw new VectorFileException(
          "%s: version %d of the NumPy format with a header of %,d bytes, expected version 1 to 3"
              .formatted(file, version, length));
    }
    byte[] text = bytes(file, channel, start, (int) length);
    return parse(file, new String(text, StandardCharsets.ISO_8859_1), start + length, channel);
  }

  private static NpyHeader parse(Path file, String header, long offset, FileChannel channel)
      throws IOException {
    VectorType type = type(file, find(DESCR, header, file));
    if (find(ORDER, header, file).equals("True")) {
      throw new VectorFileException(
          file + ": lies in Fortran order, column by column, expected vector by vector" + REWRITE);
    }
    String[] shape = find(SHAPE, header, file).trim().split("\\s*,\\s*");
    if (shape.length != 2) {
      throw new VectorFileException(
          "%s: has the shape (%s), expected vectors and components"
              .formatted(file, String.join(", ", shape)));
    }
    int rows = number(shape[0], file);
    int items = number(shape[1], file);
    long expected = offset + (long) rows * items * type.itemBytes();
    if (rows == 0 || items == 0) {
      throw new VectorFileException(
          "%s: has the shape (%d, %d), there are no vectors".formatted(file, rows, items));
    }
    if (channel.size() != expected) {
      throw new VectorFileException(
          "%s: %,d x %,d items of %s take %,d bytes with the header, but the file has %,d; was it cut short?"
              .formatted(file, rows, items, type.descr(), expected, channel.size()));
    }
    return new NpyHeader(type, rows, items, offset);
  }

  private static VectorType type(Path file, String descr) throws VectorFileException {
    for (VectorType type : VectorType.values()) {
      if (type.descr().equals(descr)) {
        return type;
      }
    }
    String what = descr.startsWith(">") ? "big-endian items" : "items";
    throw new VectorFileException(
        "%s: holds %s of the type %s, expected <f4 (little-endian floats), |i1 or |u1%s"
            .formatted(file, what, descr, REWRITE));
  }

  private static String find(Pattern pattern, String header, Path file) throws VectorFileException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new VectorFileException(
          "%s: the header of this NumPy array is damaged: no %s"
              .formatted(file, pattern.pattern().substring(0, pattern.pattern().indexOf(':'))));
    }
    return matcher.group(1);
  }

  private static int number(String digits, Path file) throws VectorFileException {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new VectorFileException(
          "%s: the shape has \"%s\", expected a number up to %,d"
              .formatted(file, digits, Integer.MAX_VALUE));
    }
  }

  private static byte[] bytes(Path file, FileChannel channel, long from, int count)
      throws IOException {
    byte[] result = new byte[count];
    ByteBuffer bytes = ByteBuffer.wrap(result);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new VectorFileException(
            "%s: ends after %,d bytes, in the header of a NumPy array"
                .formatted(file, channel.size()));
      }
    }
    return result;
  }
}
