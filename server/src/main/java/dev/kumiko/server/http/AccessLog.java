package dev.kumiko.server.http;

import dev.kumiko.format.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.NanoTime;

/** Tells the listener of each request, and writes it as a line of JSON: never texts, never keys. */
final class AccessLog implements RequestLog {
  private final RequestListener listener;
  private final PrintStream out;

  /**
   * A log.
   *
   * @param out null to write nothing
   */
  AccessLog(RequestListener listener, PrintStream out) {
    this.listener = listener;
    this.out = out;
  }

  @Override
  public void log(Request request, Response response) {
    Optional<Notes> known = Routes.notes(request);
    Notes notes = known.orElseGet(Notes::new);
    int status = status(response, known.isPresent());
    long nanos = NanoTime.since(request.getBeginNanoTime());
    listener.answered(notes, status, nanos);
    if (out != null) {
      out.println(Json.text(line(request, response, notes, status, nanos)));
    }
  }

  /** 0 if the client had gone. What Jetty refuses itself never looks committed. */
  private static int status(Response response, boolean known) {
    int status = response.getStatus();
    boolean reset = !known && status == HttpStatus.INTERNAL_SERVER_ERROR_500; // of HTTP/2
    return !reset && (response.isCommitted() || !known) ? status : 0;
  }

  private static Map<String, Object> line(
      Request request, Response response, Notes notes, int status, long nanos) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.ofEpochMilli(Request.getTimeStamp(request)).toString());
    line.put("client", Request.getRemoteAddr(request));
    line.put("method", request.getMethod());
    line.put("route", notes.route());
    line.put("protocol", request.getConnectionMetaData().getProtocol());
    line.put("status", status);
    line.put("fault", notes.fault().map(fault -> fault.name().toLowerCase(Locale.ROOT)).orElse(""));
    line.put("model", notes.model());
    line.put("texts", notes.texts());
    line.put("tokens", notes.tokens());
    line.put("bytes", Response.getContentBytesWritten(response));
    line.put("queue_ms", millis(notes.queueNanos()));
    line.put("ms", millis(nanos));
    return line;
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }
}
