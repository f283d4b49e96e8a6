package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.EnumMap;
import java.util.Map;

/** The levels that this machine runs. */
final class Machine {
  private static final Map<Level, MachineCode> CODES = new EnumMap<>(Level.class);

  private Machine() {}

  /** Returns the code of a level, or skips the test, saying why. */
  static synchronized MachineCode code(Level level) {
    MachineCode code = load(level);
    assumeTrue(code.missing().isEmpty(), code.missing());
    return code;
  }

  static synchronized String runs(Level level) {
    String missing = load(level).missing();
    return missing.isEmpty() ? "this CPU runs it" : "not run on this CPU: " + missing;
  }

  private static MachineCode load(Level level) {
    return CODES.computeIfAbsent(
        level,
        wanted -> {
          MachineCode code = MachineCode.of(wanted);
          code.load();
          assertEquals(code.missing().isEmpty(), code.code() != null);
          return code;
        });
  }
}
