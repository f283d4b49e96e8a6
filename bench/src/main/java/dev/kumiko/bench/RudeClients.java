package dev.kumiko.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that hold connections without asking for anything: a third send a body of a byte a
 * second, a third half a head and nothing more, and a third break off and come again. Whoever is
 * put out comes again, too.
 */
final class RudeClients {
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String HEAD =
      "POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private final InetSocketAddress server;
  private final List<Thread> threads = new ArrayList<>();

  RudeClients(InetSocketAddress server, int count) {
    this.server = server;
    for (int i = 0; i < count; i++) {
      Manner manner = List.<Manner>of(this::dawdle, this::fallSilent, this::breakOff).get(i % 3);
      threads.add(Thread.startVirtualThread(() -> repeat(manner)));
    }
  }

  /** What a client does with a connection. */
  private interface Manner {
    void use(Socket socket) throws IOException, InterruptedException;
  }

  private void repeat(Manner manner) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
          manner.use(socket);
        } catch (IOException e) {
          Thread.sleep(PAUSE); // put out
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // over
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private void dawdle(Socket socket) throws IOException, InterruptedException {
    send(socket, HEAD + "Content-Length: 100000\r\n\r\n");
    for (int i = 0; i < 100_000; i++) {
      send(socket, " ");
      Thread.sleep(PAUSE);
    }
  }

  private void fallSilent(Socket socket) throws IOException {
    send(socket, HEAD);
    socket.getInputStream().readAllBytes();
  }

  private void breakOff(Socket socket) throws IOException, InterruptedException {
    socket.setSoLinger(true, 0); // a reset rather than an end
    send(socket, HEAD + "Content-Length: 100\r\n\r\n{\"input\": \"");
    Thread.sleep(PAUSE);
  }

  /** Lets all of them go. */
  void end() throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
