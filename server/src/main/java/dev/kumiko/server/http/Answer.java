package dev.kumiko.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * What a route answers. Immutable.
 *
 * @param status the HTTP status
 * @param type the content type
 * @param headers further headers
 * @param body writes the body
 */
public record Answer(int status, String type, Map<String, String> headers, Body body) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Writes a body. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes the body; leaves the stream open.
     *
     * @param out buffered
     * @throws IOException if the client has gone
     */
    void write(OutputStream out) throws IOException;
  }

  /** Copies the headers. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /**
   * Returns an answer of JSON.
   *
   * @param value writes one value
   * @return with status 200
   */
  public static Answer json(Consumer<JsonGenerator> value) {
    Body body =
        out -> {
          JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out);
          try {
            value.accept(json);
            json.flush();
          } catch (JacksonIOException e) {
            throw new IOException("the client has gone", e); // which is no fault of the server's
          }
        };
    return new Answer(200, "application/json", Map.of(), body);
  }

  /**
   * Returns an answer of bytes.
   *
   * @param type the content type
   * @param bytes the whole body; not copied
   * @return with status 200
   */
  public static Answer bytes(String type, byte[] bytes) {
    return new Answer(200, type, Map.of(), out -> out.write(bytes));
  }

  /**
   * Returns the same with another status.
   *
   * @param other the HTTP status
   * @return a new answer
   */
  public Answer withStatus(int other) {
    return new Answer(other, type, headers, body);
  }

  /**
   * Returns the same with a further header.
   *
   * @param name the header's name
   * @param value its value
   * @return a new answer
   */
  public Answer withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Answer(status, type, more, body);
  }
}
