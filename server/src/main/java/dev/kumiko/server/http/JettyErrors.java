package dev.kumiko.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Tells in JSON what is refused before it comes to a route: headers that are too long, say. */
final class JettyErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    byte[] body = body(response.getStatus());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  /** Jetty's own words speak of its insides. */
  private static byte[] body(int status) {
    String text =
        switch (status) {
          case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "the headers are too long";
          case HttpStatus.URI_TOO_LONG_414 -> "the address is too long";
          case HttpStatus.SERVICE_UNAVAILABLE_503 -> "the server is stopping";
          default -> HttpStatus.getMessage(status);
        };
    return "{\"error\":\"%s\"}".formatted(text).getBytes(StandardCharsets.UTF_8);
  }
}
