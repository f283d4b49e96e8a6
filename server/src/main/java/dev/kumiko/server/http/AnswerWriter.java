package dev.kumiko.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/** Writes answers to clients that take them. Safe for concurrent use. */
final class AnswerWriter {
  private static final int PART = 1 << 16;

  /** Each part gets so much of the patience more: of 30 s, enough for 70 kB a second. */
  private static final int PARTS = 32;

  private final Duration patience;

  /**
   * A writer.
   *
   * @param patience so long a client may take for a short answer
   */
  AnswerWriter(Duration patience) {
    this.patience = patience;
  }

  void write(Answer answer, Request request, Response response) throws IOException {
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    answer.headers().forEach(response.getHeaders()::put);
    WholeOrParts out = new WholeOrParts(request, response, patience);
    answer.body().write(out);
    out.finish(); // only now: what fails half-way must not look complete
  }

  /** A short answer goes out as a whole, with its length; a long one in parts. */
  private static final class WholeOrParts extends OutputStream {
    private final OutputStream out;
    private final Request request;
    private final Response response;
    private final byte[] buffer = new byte[PART];
    private int filled;
    private boolean parts;
    private final long partNanos;
    private long deadline;

    WholeOrParts(Request request, Response response, Duration patience) {
      this.request = request;
      this.response = response;
      this.out = Content.Sink.asOutputStream(response);
      this.deadline = System.nanoTime() + patience.toNanos();
      this.partNanos = patience.toNanos() / PARTS;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      int left = length;
      while (left > 0) {
        if (filled == PART) {
          if (!parts) {
            parts = true;
            inChunks();
          }
          empty();
        }
        int count = Math.min(left, PART - filled);
        System.arraycopy(bytes, from, buffer, filled, count);
        filled += count;
        from += count;
        left -= count;
      }
    }

    private void empty() throws IOException {
      deadline += partNanos;
      Scheduler.Task late =
          request
              .getComponents()
              .getScheduler()
              .schedule(this::fail, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      try {
        out.write(buffer, 0, filled);
      } finally {
        late.cancel();
      }
      filled = 0;
    }

    /** Of HTTP/2 the stream alone is left: others of the connection may be taken. */
    private void fail() {
      Connection connection = request.getConnectionMetaData().getConnection();
      if (connection instanceof HTTP2Connection http2) {
        int id = Integer.parseInt(request.getId());
        Stream stream = http2.getSession().getStream(id);
        if (stream != null) {
          stream.reset(new ResetFrame(id, ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
        }
      } else {
        connection.getEndPoint().close(new TimeoutException("the client does not take its answer"));
      }
    }

    /** What is cut off must not look complete, as it does where the end of the stream ends it. */
    private void inChunks() {
      if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
        response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
      }
    }

    void finish() throws IOException {
      if (!parts) {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, filled);
      }
      empty();
      out.close();
    }
  }
}
