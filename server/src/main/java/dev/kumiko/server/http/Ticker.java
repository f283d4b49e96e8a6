package dev.kumiko.server.http;

import java.lang.System.Logger.Level;
import java.time.Duration;

/** Does something from time to time, on a thread of its own. */
final class Ticker implements AutoCloseable {
  private final Duration period;
  private final Runnable action;
  private final Thread thread;

  Ticker(String name, Duration period, Runnable action) {
    this.period = period;
    this.action = action;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(period);
        try {
          action.run();
        } catch (Throwable e) { // the next time may be better, and there may be memory again
          complain(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void complain(Throwable e) {
    try {
      System.getLogger("dev.kumiko.server").log(Level.WARNING, thread.getName(), e);
    } catch (Throwable again) {
      e.addSuppressed(again); // without memory even telling may fail, but the thread must go on
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
