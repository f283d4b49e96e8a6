package dev.kumiko.tools;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.Locale;

/** Standard output, whose failures are told apart: nobody reads on, or something is wrong. */
final class StandardOutput extends FilterOutputStream {

  /** The reader of the pipe has gone, as {@code head} does; no reason to complain. */
  static final class NobodyReads extends IOException {
    private static final long serialVersionUID = 1L;

    NobodyReads(IOException cause) {
      super(cause);
    }
  }

  StandardOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw told(e);
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw told(e);
    }
  }

  /**
   * Java has no type for it, and the C library translates its message, such as "Broken pipe". On
   * Windows it is "The pipe is ...".
   */
  private static IOException told(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.toLowerCase(Locale.ROOT).contains("pipe") || message.equals(brokenPipe())
        ? new NobodyReads(e)
        : new IOException("standard output: not written: " + message, e);
  }

  /** Returns what a pipe without a reader says here, or an empty text if it says nothing. */
  static String brokenPipe() {
    try {
      Pipe pipe = Pipe.open();
      pipe.source().close();
      try (Pipe.SinkChannel sink = pipe.sink()) {
        sink.write(ByteBuffer.allocate(1));
        return "";
      }
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
