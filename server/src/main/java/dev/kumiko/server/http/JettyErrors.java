package dev.kumiko.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Tells in JSON what is refused before it comes to a route: headers that are too long, say. */
final class JettyErrors extends ErrorHandler {
  private final Routes routes;

  /**
   * Tells errors.
   *
   * @param routes whose APIs' shapes the errors have
   */
  JettyErrors(Routes routes) {
    this.routes = routes;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String path = request.getHttpURI() == null ? "" : Routes.path(request);
    byte[] body = body(routes.errors(path), new ApiException(fault(status), text(status)));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  private static Fault fault(int status) {
    return switch (status) {
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> Fault.UNAVAILABLE;
      case HttpStatus.INTERNAL_SERVER_ERROR_500 -> Fault.FAILED;
      default -> Fault.INVALID;
    };
  }

  /** Jetty's own words speak of its insides. */
  private static String text(int status) {
    return switch (status) {
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> "the headers are too long";
      case HttpStatus.URI_TOO_LONG_414 -> "the address is too long";
      case HttpStatus.SERVICE_UNAVAILABLE_503 -> "the server is stopping";
      default -> HttpStatus.getMessage(status);
    };
  }

  private static byte[] body(ErrorShape errors, ApiException error) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      Answer.json(json -> errors.write(error, json)).body().write(body);
    } catch (IOException e) {
      throw new AssertionError("memory takes everything", e);
    }
    return body.toByteArray();
  }
}
