package dev.kumiko.tools;

import dev.kumiko.Embedding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Writes vectors as one NumPy array {@code [texts][dimension]} of little-endian floats, in version
 * 1.0 of the <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">format</a>. The
 * number of texts, which stands at the beginning, is known only at the end.
 */
final class NpyVectors implements VectorWriter {
  /** A multiple of 64, as the format asks for, with room for any number of texts. */
  private static final int HEADER = 128;

  /** Magic, version, and the length of what follows in two bytes. */
  private static final int PREFIX = 10;

  private final SeekableByteChannel channel;
  private ByteBuffer row = ByteBuffer.allocate(0);
  private long rows;

  NpyVectors(SeekableByteChannel channel) throws IOException {
    this.channel = channel;
    channel.position(HEADER);
  }

  @Override
  public void write(String text, Embedding embedding) throws IOException {
    float[] vector = embedding.vector();
    if (rows == 0) {
      row = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    }
    row.clear().asFloatBuffer().put(vector);
    writeFully(row);
    rows++;
  }

  @Override
  public void flush() {}

  @Override
  public void finish() throws IOException {
    int dimension = row.capacity() / Float.BYTES;
    String shape =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + dimension + "), }";
    String padding = " ".repeat(HEADER - PREFIX - shape.length() - 1);
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    header.put((byte) 1).put((byte) 0).putShort((short) (HEADER - PREFIX));
    header.put((shape + padding + "\n").getBytes(StandardCharsets.US_ASCII));
    channel.position(0);
    writeFully(header.flip());
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
