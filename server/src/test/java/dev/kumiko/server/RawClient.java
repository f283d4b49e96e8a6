package dev.kumiko.server;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Speaks HTTP/1.1 byte by byte, as no client would. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private boolean broken;

  /** An answer. */
  record Answer(int status, Map<String, String> headers, String body) {}

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient open(URI server) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), server.getPort()));
  }

  /** Returns a POST of JSON with the right headers. */
  static String post(String path, String json) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, json.getBytes(StandardCharsets.UTF_8).length, json);
  }

  static String get(String path) {
    return "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(path);
  }

  RawClient send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Sends what the server may refuse to take. */
  RawClient trySend(String latin1) {
    try {
      return send(latin1);
    } catch (IOException e) {
      broken = true;
      return this; // it has closed the connection, and its answer is there
    }
  }

  /** Returns whether the server took no more of what was tried to be sent. */
  boolean isBroken() {
    return broken;
  }

  /** Waits for the first byte of an answer, which is still to be read. */
  void peek() throws IOException {
    in.mark(1);
    in.read();
    in.reset();
  }

  /** Reads one answer. */
  Answer read() throws IOException {
    String status = line();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), headers, body(headers));
  }

  private String body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("Transfer-Encoding", "").toLowerCase(Locale.ROOT).equals("chunked")) {
      StringBuilder body = new StringBuilder();
      for (int size = chunk(); size > 0; size = chunk()) {
        body.append(new String(in.readNBytes(size), StandardCharsets.UTF_8));
        line();
      }
      line();
      return body.toString();
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server has closed the connection after: " + line);
      }
      line.append((char) c);
    }
    return line.toString().stripTrailing();
  }

  /** Returns whether the server closes the connection, and sends nothing before. */
  boolean isClosed() {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  /** Ends what is sent, and goes on to read. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  /** Closes with a reset instead of a farewell. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
