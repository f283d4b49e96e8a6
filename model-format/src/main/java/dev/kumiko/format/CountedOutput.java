package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Takes exactly as many bytes as a tensor has. Closing it leaves the stream below open. */
final class CountedOutput extends OutputStream {
  private final OutputStream out;
  private final long expected;
  private final String tensor;
  private long written;

  CountedOutput(OutputStream out, long expected, String tensor) {
    this.out = out;
    this.expected = expected;
    this.tensor = tensor;
  }

  @Override
  public void write(int b) throws IOException {
    count(1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    count(length);
    out.write(bytes, offset, length);
  }

  void checkComplete() throws IOException {
    if (written != expected) {
      throw problem("only " + written);
    }
  }

  private void count(int length) throws IOException {
    written += length;
    if (written > expected) {
      throw problem("at least " + written);
    }
  }

  private IOException problem(String count) {
    return new IOException(
        String.format(
            "tensor %s has %d bytes, but %s were supplied for it",
            Quoted.of(tensor), expected, count));
  }
}
