package dev.kumiko.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that post one text after another to {@code /v1/embeddings}, each on a connection of its
 * own that stays open. They write and read HTTP/1.1 themselves, so that they take little of the
 * machine that they measure.
 */
final class HttpLoad {
  private final InetSocketAddress server;
  private final List<byte[]> requests = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong failures = new AtomicLong();
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
  private volatile boolean counting;
  private volatile boolean over;

  /**
   * Clients that have not begun.
   *
   * @param texts of letters and blanks alone
   */
  HttpLoad(InetSocketAddress server, List<String> texts) {
    this.server = server;
    for (String text : texts) {
      String body = "{\"input\":\"" + text + "\",\"encoding_format\":\"base64\"}";
      String head =
          String.join(
              "\r\n",
              "POST /v1/embeddings HTTP/1.1",
              "Host: localhost",
              "Content-Type: application/json",
              "Content-Length: " + body.length(),
              "\r\n");
      requests.add((head + body).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /**
   * What was measured.
   *
   * @param rate answers a second
   * @param median of the answers' times, in milliseconds
   * @param slowest all but one in a hundred answers took less, in milliseconds
   * @param failures other than 200, or broken off
   */
  record Result(double rate, double median, double slowest, long failures) {}

  /** Asks for a while without counting, and then for a while with it; as soon as answers come. */
  Result closed(int connections, Duration warmUp, Duration time) throws InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      clients.add(Thread.startVirtualThread(this::askOneAfterAnother));
    }
    return measure(clients, warmUp, time);
  }

  /**
   * The same, but at times that do not depend on the answers (a Poisson process): what waits for a
   * free connection waits on the clock.
   */
  Result open(int connections, double rate, Duration warmUp, Duration time)
      throws InterruptedException {
    LinkedBlockingQueue<Long> due = new LinkedBlockingQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      clients.add(Thread.startVirtualThread(() -> askWhenDue(due)));
    }
    clients.add(Thread.startVirtualThread(() -> arrive(due, rate)));
    return measure(clients, warmUp, time);
  }

  private Result measure(List<Thread> clients, Duration warmUp, Duration time)
      throws InterruptedException {
    Thread.sleep(warmUp);
    long begun = System.nanoTime();
    counting = true;
    Thread.sleep(time);
    counting = false;
    double seconds = (System.nanoTime() - begun) / 1e9;
    over = true;
    for (Thread client : clients) {
      client.interrupt();
      client.join();
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return new Result(
        sorted.length / seconds, millis(sorted, 0.5), millis(sorted, 0.99), failures.get());
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * sorted.length)] / 1e6;
  }

  private void askOneAfterAnother() {
    try (Connection connection = new Connection()) {
      while (!over) {
        ask(connection, System.nanoTime());
      }
    } catch (IOException e) {
      failed();
    }
  }

  private void askWhenDue(LinkedBlockingQueue<Long> due) {
    try (Connection connection = new Connection()) {
      while (!over) {
        ask(connection, due.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // over
    } catch (IOException e) {
      failed();
    }
  }

  private void failed() {
    if (!over) {
      failures.incrementAndGet();
    }
  }

  private void arrive(LinkedBlockingQueue<Long> due, double rate) {
    Random random = new Random(42);
    long time = System.nanoTime();
    try {
      while (!over) {
        time += (long) (-Math.log(1 - random.nextDouble()) / rate * 1e9);
        long early = time - System.nanoTime();
        if (early > 0) {
          Thread.sleep(Duration.ofNanos(early));
        }
        due.add(time);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // over
    }
  }

  private void ask(Connection connection, long since) throws IOException {
    byte[] request = requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
    boolean done = connection.ask(request);
    if (counting) {
      nanos.add(System.nanoTime() - since);
      if (!done) {
        failures.incrementAndGet();
      }
    }
  }

  /** One connection. For one thread. */
  private final class Connection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    Connection() throws IOException {
      socket.setTcpNoDelay(true);
      socket.connect(server);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
      out = socket.getOutputStream();
    }

    /** Returns whether the answer is 200. */
    boolean ask(byte[] request) throws IOException {
      out.write(request);
      boolean done = line().startsWith("HTTP/1.1 200");
      int length = 0;
      for (String line = line(); !line.isEmpty(); line = line()) {
        if (line.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
          length = Integer.parseInt(line.substring(LENGTH.length()).strip());
        }
      }
      in.skipNBytes(length);
      return done;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the server has closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
