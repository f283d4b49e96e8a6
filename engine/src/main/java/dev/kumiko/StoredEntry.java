package dev.kumiko;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Where an uncompressed entry's bytes lie inside a ZIP file, so that they can be mapped. {@code
 * java.util.zip} does not tell. Sections are those of the PKWARE APPNOTE.
 *
 * @param offset first byte, from the beginning of the file
 * @param length number of bytes
 */
record StoredEntry(long offset, long length) {
  private static final int END_SIZE = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int CENTRAL_SIZE = 46;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIZE = 30;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final long ZIP64 = 0xFFFFFFFFL;

  /** Returns nothing if the entry is absent, compressed, or too far back for a plain ZIP. */
  static Optional<StoredEntry> find(Path zip, String name) throws IOException {
    return find(new JarAddress(zip, "", name));
  }

  /** Returns nothing, too, if the entry is in an inner JAR of which the same is true. */
  static Optional<StoredEntry> find(JarAddress address) throws IOException {
    try (FileChannel channel = FileChannel.open(address.file(), StandardOpenOption.READ)) {
      Optional<StoredEntry> zip = Optional.of(new StoredEntry(0, channel.size()));
      if (!address.nested().isEmpty()) {
        zip = find(new Region(channel, zip.get()), address.nested());
      }
      return zip.isEmpty() ? zip : find(new Region(channel, zip.get()), address.entry());
    }
  }

  /** The part of a file that a ZIP file takes; offsets are counted from its first byte. */
  private record Region(FileChannel channel, StoredEntry bounds) {
    long size() {
      return bounds.length();
    }

    /** Reads to the region's end at most. */
    ByteBuffer read(long offset, int length) throws IOException {
      int present = Math.clamp(size() - offset, 0, length);
      ByteBuffer buffer = ByteBuffer.allocate(present).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, bounds.offset() + offset + buffer.position()) < 0) {
          break;
        }
      }
      return buffer.flip();
    }
  }

  private static Optional<StoredEntry> find(Region zip, String name) throws IOException {
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer directory = centralDirectory(zip);
    while (directory.remaining() >= CENTRAL_SIZE
        && directory.getInt(directory.position()) == CENTRAL_SIGNATURE) {
      int at = directory.position();
      int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
      int extraLength = Short.toUnsignedInt(directory.getShort(at + 30));
      int commentLength = Short.toUnsignedInt(directory.getShort(at + 32));
      if (nameLength + extraLength + commentLength > directory.remaining() - CENTRAL_SIZE) {
        return Optional.empty();
      }
      byte[] entryName = new byte[nameLength];
      directory.get(at + CENTRAL_SIZE, entryName);
      if (Arrays.equals(entryName, wanted)) {
        return locate(zip, directory, at);
      }
      directory.position(at + CENTRAL_SIZE + nameLength + extraLength + commentLength);
    }
    return Optional.empty();
  }

  /** Section 4.3.16: the end record is at the end, before a comment. */
  private static ByteBuffer centralDirectory(Region zip) throws IOException {
    long size = zip.size();
    int length = (int) Math.min(size, END_SIZE + MAX_COMMENT);
    ByteBuffer tail = zip.read(size - length, length);
    for (int at = length - END_SIZE; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE) {
        long directorySize = Integer.toUnsignedLong(tail.getInt(at + 12));
        long directoryOffset = Integer.toUnsignedLong(tail.getInt(at + 16));
        boolean plain =
            directorySize < Integer.MAX_VALUE && directoryOffset + directorySize <= size;
        return plain ? zip.read(directoryOffset, (int) directorySize) : ByteBuffer.allocate(0);
      }
    }
    return ByteBuffer.allocate(0);
  }

  /** Sections 4.3.7 and 4.3.12: the bytes follow the local header, whose name may differ. */
  private static Optional<StoredEntry> locate(Region zip, ByteBuffer directory, int at)
      throws IOException {
    boolean stored = directory.getShort(at + 10) == 0;
    long length = Integer.toUnsignedLong(directory.getInt(at + 20));
    long header = Integer.toUnsignedLong(directory.getInt(at + 42));
    if (!stored || length == ZIP64 || header == ZIP64) {
      return Optional.empty();
    }
    ByteBuffer local = zip.read(header, LOCAL_SIZE);
    if (local.remaining() < LOCAL_SIZE || local.getInt(0) != LOCAL_SIGNATURE) {
      return Optional.empty();
    }
    long offset =
        header
            + LOCAL_SIZE
            + Short.toUnsignedInt(local.getShort(26))
            + Short.toUnsignedInt(local.getShort(28));
    return offset + length <= zip.size()
        ? Optional.of(new StoredEntry(zip.bounds().offset() + offset, length))
        : Optional.empty();
  }
}
