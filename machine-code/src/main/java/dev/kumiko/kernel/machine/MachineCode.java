package dev.kumiko.kernel.machine;

import java.lang.System.Logger;

/**
 * Whether the programs can be called yet. To make them callable takes the JVM a tenth of a second,
 * which the first text shall not wait for: a daemon thread does it once there has been more to do
 * than a process of one short text has. Safe for concurrent use.
 */
final class MachineCode {
  /** Multiplications after which the thread starts: about 50 tokens of a model like MiniLM. */
  private static final long WORTHWHILE = 500_000_000;

  private static final System.Logger LOG = System.getLogger("dev.kumiko");

  private final Level level;
  private volatile Code code;
  private volatile String missing;

  /** Multiplications until the thread starts; negative from then on. */
  private long remaining = WORTHWHILE;

  private MachineCode(Level level, String missing) {
    this.level = level;
    this.missing = missing;
  }

  static MachineCode of(Level level) {
    return new MachineCode(level, "");
  }

  static MachineCode missing(String why) {
    return new MachineCode(null, why);
  }

  /** Returns the programs, or null if they are not there, yet or ever. */
  Code code() {
    return code;
  }

  /** Returns why there are no programs and will be none; empty if there may be. */
  String missing() {
    return missing;
  }

  Level level() {
    return level;
  }

  /** Returns what the programs wait for; empty if they are there, or never will be. */
  synchronized String pending() {
    if (code != null || !missing.isEmpty()) {
      return "";
    }
    return remaining < 0
        ? "the machine code is being prepared"
        : "the machine code is prepared once there has been more to do";
  }

  /** Counts work that plain Java does, and starts the thread when there has been enough. */
  synchronized void count(long multiplications) {
    if (remaining >= 0) {
      remaining -= multiplications;
      if (remaining < 0) {
        Thread thread = new Thread(this::load, "kumiko-machine-code");
        thread.setDaemon(true);
        try {
          thread.start();
        } catch (OutOfMemoryError e) {
          remaining = WORTHWHILE;
        }
      }
    }
  }

  /** Makes the programs callable, or finds out why they cannot be. */
  void load() {
    synchronized (this) {
      remaining = -1;
    }
    try {
      code = Code.load(level);
    } catch (CodeRegion.RefusedException e) {
      fail(e.getMessage());
    } catch (RuntimeException | Error e) {
      fail("its programs do not start: " + e);
    }
  }

  private void fail(String why) {
    tell(why);
    missing = why;
  }

  /** Says once why there are no programs. */
  static void tell(String why) {
    LOG.log(Logger.Level.WARNING, "Kumiko computes without machine code: {0}", why);
  }
}
