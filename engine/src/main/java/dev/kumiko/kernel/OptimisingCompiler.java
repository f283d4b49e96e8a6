package dev.kumiko.kernel;

import java.util.Optional;

/**
 * The compiler without which the Vector API makes an object of every vector: HotSpot's C2. Whether
 * it is there is asked in two ways, a cheap one and one that asks for every setting.
 */
public final class OptimisingCompiler {
  private static final String OPTIMISING_LEVEL = "4";

  private OptimisingCompiler() {}

  /** Asks once: it takes some 50 ms. */
  private static final class Settings {
    static final String OFF = off();
  }

  /**
   * Returns why this JVM has none, as far as its properties tell, or an empty string.
   *
   * @param vmName {@code java.vm.name}
   * @param vmInfo {@code java.vm.info}
   */
  static String missing(String vmName, String vmInfo) {
    if (vmName.contains("Zero VM")) {
      return "this JVM does not compile (%s)".formatted(vmName);
    }
    if (vmName.contains("Client VM") || vmName.contains("Minimal VM")) {
      return "this JVM has no optimising compiler (%s)".formatted(vmName);
    }
    if (vmInfo.contains("interpreted")) {
      return "this JVM does not compile (-Xint)";
    }
    if (vmInfo.contains("emulated-client")) {
      return "this JVM compiles without its optimising compiler (-XX:TieredStopAtLevel=1)";
    }
    return "";
  }

  /**
   * Returns with which setting this JVM's optimising compiler, or what it knows of vectors, is
   * switched off, or an empty string: also when the JVM cannot be asked because it is not HotSpot
   * or was made without the module {@code jdk.management}.
   */
  public static String switchedOff() {
    return Settings.OFF;
  }

  private static String off() {
    if (is("UseCompiler", "false")) {
      return "this JVM does not compile (-XX:-UseCompiler)";
    }
    if (is("TieredCompilation", "true")) {
      Optional<String> level = setting("TieredStopAtLevel");
      if (level.isPresent() && !level.get().equals(OPTIMISING_LEVEL)) {
        return "this JVM compiles without its optimising compiler (-XX:TieredStopAtLevel=%s)"
            .formatted(level.get());
      }
    }
    return is("EnableVectorSupport", "false")
        ? "this JVM does not compile vectors (-XX:-EnableVectorSupport)"
        : "";
  }

  private static boolean is(String setting, String value) {
    return setting(setting).filter(value::equals).isPresent();
  }

  /** By name, so that no module is needed for this. */
  private static Optional<String> setting(String name) {
    try {
      Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
      Object bean =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getPlatformMXBean", Class.class)
              .invoke(null, type);
      Object setting = type.getMethod("getVMOption", String.class).invoke(bean, name);
      return Optional.of((String) setting.getClass().getMethod("getValue").invoke(setting));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
