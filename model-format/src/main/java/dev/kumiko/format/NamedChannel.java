package dev.kumiko.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** A channel whose failures to write name what is written: a full disk says no more than that. */
final class NamedChannel implements SeekableByteChannel {
  private final FileChannel channel;
  private final String name;

  /** A failure whose message names what was not written. */
  static final class NotWritten extends IOException {
    private static final long serialVersionUID = 1L;

    NotWritten(String message, Throwable cause) {
      super(message, cause);
    }
  }

  NamedChannel(FileChannel channel, String name) {
    this.channel = channel;
    this.name = name;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    try {
      return channel.write(source);
    } catch (IOException e) {
      throw new NotWritten(name + ": not written: " + e.getMessage(), e);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    channel.truncate(size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
