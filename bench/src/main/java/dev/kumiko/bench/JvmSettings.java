package dev.kumiko.bench;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What a JVM chose that decides how its compiler schedules loops.
 *
 * @param collector its garbage collector
 * @param strip iterations of a counted loop between two safepoints; 0 where they have none
 */
record JvmSettings(String collector, long strip) {
  private static final List<String> COLLECTORS =
      List.of("Serial", "Parallel", "G1", "Z", "Shenandoah", "Epsilon");
  private static final String UNKNOWN = "unknown";

  /** Returns those of this process. */
  static JvmSettings here() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    String collector =
        COLLECTORS.stream().filter(c -> on(vm, "Use" + c + "GC")).findFirst().orElse(UNKNOWN);
    boolean safepoints = on(vm, "UseCountedLoopSafepoints");
    return new JvmSettings(
        collector, safepoints ? Long.parseLong(value(vm, "LoopStripMiningIter")) : 0);
  }

  private static boolean on(HotSpotDiagnosticMXBean vm, String flag) {
    return value(vm, flag).equals("true");
  }

  /** A JVM may be built without a collector, and then does not know its flag. */
  private static String value(HotSpotDiagnosticMXBean vm, String flag) {
    try {
      return vm.getVMOption(flag).getValue();
    } catch (IllegalArgumentException e) {
      return "0";
    }
  }

  /** Returns a number for JMH, whose results are numbers. */
  double collectorCode() {
    return COLLECTORS.indexOf(collector);
  }

  /** Returns the settings of the numbers. */
  static JvmSettings of(double collectorCode, double strip) {
    int code = (int) collectorCode;
    boolean known = code >= 0 && code < COLLECTORS.size() && !Double.isNaN(collectorCode);
    return new JvmSettings(known ? COLLECTORS.get(code) : UNKNOWN, (long) strip);
  }

  /** Returns loop strip mining for people. */
  String stripMining() {
    return strip == 0 ? "off" : Long.toString(strip);
  }
}
