package dev.kumiko.server.http;

import dev.kumiko.format.Json;
import dev.kumiko.model.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/** Reads the JSON of a request, within limits of size and time. Safe for concurrent use. */
final class BodyReader {
  private static final String JSON = "application/json";

  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final int PART = 1 << 14;

  /** So many times the bytes that are allowed are taken to no use. */
  private static final int DISCARDED = 8;

  private final long mostBytes;
  private final Duration mostTime;

  BodyReader(long mostBytes, Duration mostTime) {
    this.mostBytes = mostBytes;
    this.mostTime = mostTime;
  }

  /** Reads a body, whose memory is taken of a share. */
  Json read(Request request, MemoryBudget.Share share) throws ApiException {
    requireJson(request);
    if (request.getLength() > mostBytes) {
      throw large(request);
    }
    byte[] body = bytes(request, share);
    share.take(JsonMemory.ofValues(body));
    try {
      return Json.parse("the body", body);
    } catch (ModelFormatException e) {
      throw new ApiException(Fault.INVALID, e.getMessage());
    }
  }

  /** Browsers ask before they send this type to another host: a foreign page cannot. */
  private static void requireJson(Request request) throws ApiException {
    List<String> types = request.getHeaders().getValuesList(HttpHeader.CONTENT_TYPE);
    String type = types.isEmpty() ? null : String.join(", ", types);
    if (type == null || !isJson(type)) {
      throw new ApiException(
          Fault.MEDIA_TYPE,
          "the content type is %s, expected %s; with curl: -H 'Content-Type: application/json'"
              .formatted(type == null ? "missing" : "\"" + type + "\"", JSON));
    }
    requirePlain(request, HttpHeader.CONTENT_ENCODING, "content", "identity");
    boolean chunks = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    requirePlain(request, HttpHeader.TRANSFER_ENCODING, "transfer", chunks ? "chunked" : "");
  }

  /** JSON has one encoding, which some name; other parameters mean nothing. */
  private static boolean isJson(String type) {
    String charset = MimeTypes.getCharsetFromContentType(type);
    return type.split(";", 2)[0].strip().equalsIgnoreCase(JSON)
        && (charset == null || charset.equalsIgnoreCase(StandardCharsets.UTF_8.name()));
  }

  private static void requirePlain(Request request, HttpHeader header, String what, String plain)
      throws ApiException {
    List<String> encodings = request.getHeaders().getCSV(header, false);
    if (!encodings.stream().allMatch(plain::equalsIgnoreCase)) {
      throw new ApiException(
          Fault.MEDIA_TYPE,
          "the %s encoding is \"%s\"; send the body as it is"
              .formatted(what, String.join(", ", encodings)));
    }
  }

  private byte[] bytes(Request request, MemoryBudget.Share share) throws ApiException {
    AtomicBoolean late = new AtomicBoolean();
    Scheduler.Task deadline = deadline(request, () -> late.set(true));
    try {
      // Never closed: the rest may be discarded.
      InputStream in = Content.Source.asInputStream(request);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] part = new byte[PART];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        if (all.size() + (long) count > mostBytes) {
          throw large(request);
        }
        share.take((long) JsonMemory.OF_BYTE * count);
        all.write(part, 0, count);
      }
      return all.toByteArray();
    } catch (IOException e) {
      if (late.get() || e.getCause() instanceof TimeoutException) {
        throw new ApiException(
            Fault.SLOW_BODY, "the body did not arrive within %d s".formatted(mostTime.toSeconds()));
      }
      throw new ApiException(Fault.INVALID, "the body broke off: " + e.getMessage());
    } finally {
      deadline.cancel();
    }
  }

  private Scheduler.Task deadline(Request request, Runnable late) {
    return request
        .getComponents()
        .getScheduler()
        .schedule(
            () -> {
              late.run();
              request.fail(new TimeoutException("the body took too long"));
            },
            mostTime.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Takes what is left of a body, unless it is very much: many clients do not see an answer that
   * comes before they have sent everything.
   */
  void discard(Request request) {
    boolean asks = request.getHeaders().contains(HttpHeader.EXPECT); // and has sent nothing yet
    if (asks || request.getLength() == 0 || request.getLength() > DISCARDED * mostBytes) {
      return;
    }
    Scheduler.Task deadline = deadline(request, () -> {});
    try {
      InputStream in = Content.Source.asInputStream(request);
      byte[] part = new byte[PART];
      long left = DISCARDED * mostBytes;
      for (int count = in.read(part); count >= 0 && left > 0; count = in.read(part)) {
        left -= count;
      }
    } catch (IOException e) {
      LOG.log(Level.TRACE, "a body that nobody wants broke off", e);
    } finally {
      deadline.cancel();
    }
  }

  private ApiException large(Request request) {
    long bytes = request.getLength();
    return new ApiException(
        Fault.LARGE_BODY,
        bytes < 0
            ? "the body has more than the %,d bytes that are allowed; send it in parts"
                .formatted(mostBytes)
            : "the body has %,d bytes, and %,d are allowed; send it in parts"
                .formatted(bytes, mostBytes));
  }
}
