package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.KernelLevel;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.SettingException;

/** Puts the assembled kernels over others, where this JVM may call what is not Java. */
public final class MachineLevel implements KernelLevel {
  /** For {@link java.util.ServiceLoader}. */
  public MachineLevel() {}

  @Override
  public Kernels over(Kernels below, boolean required) {
    Host.Answer host = Host.ask();
    String missing = missing(host);
    MachineCode code = missing.isEmpty() ? MachineCode.of(host.level()) : null;
    if (code != null && (required || System.getProperty("kumiko.warmup", "").equals("off"))) {
      code.load();
      missing = code.missing();
    }
    if (required && !missing.isEmpty()) {
      throw new SettingException("-Dkumiko.backend=machine is not possible: " + missing);
    }
    if (code == null) {
      MachineCode.tell(missing);
      code = MachineCode.missing(missing);
    }
    return new MachineKernels(below, code);
  }

  /** Returns why the kernels cannot run in this JVM, as far as is known beforehand, or "". */
  public static String missing() {
    return missing(Host.ask());
  }

  private static String missing(Host.Answer host) {
    return host.missing().isEmpty() ? ungranted() : host.missing();
  }

  /** Returns what to do that calls are allowed; asked like this, the JVM prints no warning. */
  private static String ungranted() {
    Module module = MachineLevel.class.getModule();
    return module.isNativeAccessEnabled()
        ? ""
        : "native access has not been granted; start java with --enable-native-access="
            + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }
}
