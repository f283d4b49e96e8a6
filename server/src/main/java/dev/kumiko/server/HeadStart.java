package dev.kumiko.server;

import dev.kumiko.server.http.HttpServer;
import dev.kumiko.server.metrics.ServerMetrics;
import java.math.BigDecimal;

/** Has the JVM load what a server needs while the command line is read. */
final class HeadStart {
  private HeadStart() {}

  /** Begins, and returns at once. */
  static void take() {
    Thread.ofPlatform().name("kumiko-head-start").daemon().start(HeadStart::load);
  }

  private static void load() {
    initialise(BigDecimal.class); // its powers of ten take 20 ms, and jackson-core needs them
    HttpServer.loadClasses();
    new ServerMetrics();
  }

  private static void initialise(Class<?> type) {
    try {
      Class.forName(type.getName(), true, type.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError("it is there", e);
    }
  }
}
