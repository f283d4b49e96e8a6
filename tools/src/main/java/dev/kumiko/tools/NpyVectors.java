package dev.kumiko.tools;

import dev.kumiko.Embedding;
import dev.kumiko.search.Int8Ranges;
import dev.kumiko.tools.vectors.VectorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes vectors as one NumPy array {@code [texts][dimension]} of little-endian floats, of int8, or
 * {@code [texts][ceil(dimension / 8)]} of their signs, a bit each, in version 1.0 of the <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">format</a>. The
 * number of texts, which stands at the beginning, is known only at the end.
 */
final class NpyVectors implements VectorWriter {
  /** A multiple of 64, as the format asks for, with room for any number of texts. */
  private static final int HEADER = 128;

  /** Magic, version, and the length of what follows in two bytes. */
  private static final int PREFIX = 10;

  private final SeekableByteChannel channel;
  private final VectorType type;
  private final Optional<Int8Ranges> ranges;
  private ByteBuffer row = ByteBuffer.allocate(0);
  private long rows;

  NpyVectors(SeekableByteChannel channel) throws IOException {
    this(channel, VectorType.FLOAT32, Optional.empty());
  }

  /**
   * Prepares to write.
   *
   * @param ranges between which values components of int8 lie
   */
  NpyVectors(SeekableByteChannel channel, VectorType type, Optional<Int8Ranges> ranges)
      throws IOException {
    this.channel = channel;
    this.type = type;
    this.ranges = ranges;
    channel.position(HEADER);
  }

  @Override
  public void write(String text, Embedding embedding) throws IOException {
    float[] vector = embedding.vector();
    if (rows == 0) {
      int bytes = type.items(vector.length) * type.itemBytes();
      row = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    row.clear();
    switch (type) {
      case FLOAT32 -> row.asFloatBuffer().put(vector);
      case INT8 -> row.put(embedding.int8(ranges.orElseThrow())).clear();
      case BINARY -> row.put(embedding.binary()).clear();
    }
    writeFully(row);
    rows++;
  }

  @Override
  public void flush() {}

  @Override
  public void finish() throws IOException {
    int items = row.capacity() / type.itemBytes();
    String shape =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(type.descr(), rows, items);
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
