package dev.kumiko.tools;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes NumPy arrays as NumPy does, and as nobody should. */
final class NpyBytes {
  private NpyBytes() {}

  /** Writes vectors as {@code numpy.save} does. */
  static Path floats(Path file, float[]... vectors) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * vectors.length * vectors[0].length);
    data.order(ByteOrder.LITTLE_ENDIAN);
    for (float[] vector : vectors) {
      for (float component : vector) {
        data.putFloat(component);
      }
    }
    String shape = vectors.length + ", " + vectors[0].length;
    return write(file, "<f4", "False", shape, data.array());
  }

  static Path write(Path file, String descr, String fortran, String shape, byte[] data)
      throws IOException {
    String header =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }".formatted(descr, fortran, shape);
    String padded = header + " ".repeat(127 - 10 - header.length()) + "\n";
    ByteBuffer bytes = ByteBuffer.allocate(128 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) 1).put((byte) 0).putShort((short) 118);
    bytes.put(padded.getBytes(StandardCharsets.US_ASCII)).put(data);
    return Files.write(file, bytes.array());
  }
}
