package dev.kumiko.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that serves embeddings on a port of this machine. */
final class ServedProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** A collector may have several parts; the metaspace is none, and has no total. */
  private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

  private final Process process;
  private final InetSocketAddress address;

  /**
   * Starts it and waits until it answers.
   *
   * @param main gets {@code --port N} and the arguments
   * @param log gets what it writes
   */
  ServedProcess(Path log, List<String> flags, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    int port = freePort();
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    List<String> command =
        ChildJvm.command(flags, System.getProperty("java.class.path"), main, arguments);
    command.addAll(List.of("--port", Integer.toString(port)));
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    long end = System.nanoTime() + START.toNanos();
    while (!lives()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException(main.getSimpleName() + " does not serve; " + log + " says why");
      }
      Thread.sleep(100);
    }
  }

  /** Nobody keeps the port until the process takes it; another one would be seen as a failure. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  InetSocketAddress address() {
    return address;
  }

  /** Returns how much of a processor it has taken, in seconds. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  /** Lets it collect what it does not need; returns what is left on its heap, in bytes. */
  long liveBytes() throws IOException {
    command("GC.run");
    Matcher used = USED.matcher(command("GC.heap_info"));
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    if (kilobytes == 0) {
      throw new IOException("jcmd does not tell what is on the heap of process " + process.pid());
    }
    return kilobytes << 10;
  }

  private String command(String name) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process command =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), name)
            .redirectErrorStream(true)
            .start();
    return new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Asks {@code /health/live}; returns whether the answer is 200. */
  boolean lives() {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      String request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
