package dev.kumiko;

import java.lang.System.Logger.Level;

/** Counts what is done for a listener. What the listener throws is no reason to lose vectors. */
final class ProgressCount {
  private static final System.Logger LOGGER = System.getLogger("dev.kumiko");

  private final EmbedProgress listener;
  private final int all;
  private int done;
  private int told;
  private boolean failed;

  ProgressCount(EmbedProgress listener, int all) {
    this.listener = listener;
    this.all = all;
  }

  synchronized void add() {
    done++;
  }

  /** Tells the listener what is new, one thread at a time. */
  synchronized void tell() {
    if (failed || told == done) {
      return;
    }
    told = done;
    try {
      listener.embedded(done, all);
    } catch (Throwable e) { // whatever it is, no vector is to be lost for it
      failed = true;
      LOGGER.log(
          Level.WARNING,
          "A listener failed and hears no more of this call: " + listener.getClass().getName(),
          e);
    }
  }
}
