package dev.kumiko.server;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The request from which the JVM learns; see {@code -XX:ArchiveClassesAtExit}. */
final class FirstRequest {
  private FirstRequest() {}

  static void ask(URI server) throws IOException {
    ask(server, "GET /health", "");
    ask(server, "POST /v1/embeddings", "{\"input\": [\"a purlin\", \"a rafter\"]}");
    ask(server, "GET /metrics", "");
  }

  private static void ask(URI server, String what, String body) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      String request =
          String.join(
              "\r\n",
              what + " HTTP/1.1",
              "Host: " + server.getAuthority(),
              "Connection: close",
              "Content-Type: application/json",
              "Content-Length: " + body.length(),
              "",
              body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    }
  }
}
