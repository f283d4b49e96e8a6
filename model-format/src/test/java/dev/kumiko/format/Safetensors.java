package dev.kumiko.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes files by hand, independently of {@link ModelWriter}. */
final class Safetensors {
  private Safetensors() {}

  /** Returns the header's true length, the header and the data. */
  static byte[] of(String header, int dataSize) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return withLength(json.length, json, dataSize);
  }

  /** Returns a file that claims a length for its header. */
  static byte[] withLength(long length, byte[] header, int dataSize) {
    ByteBuffer file = ByteBuffer.allocate(8 + header.length + dataSize);
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(header);
    while (file.hasRemaining()) {
      file.put((byte) file.position());
    }
    return file.array();
  }
}
