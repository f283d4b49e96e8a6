package dev.kumiko.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Chooses the kernels once for the whole process: Vector API when its module is there and the JIT
 * can compile it, plain Java otherwise; over them a {@link KernelLevel} of another module if there
 * is one. {@code -Dkumiko.backend=scalar|vector|machine} forces any.
 */
public final class KernelChoice {
  private static final String PROPERTY = "kumiko.backend";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String FLAG = "--add-modules " + MODULE;

  private static final String VECTOR_BITS = "kumiko.vectorBits";
  private static final Set<String> WIDTHS = Set.of("128", "256", "512");

  private static final int NARROWEST = 128;

  private static Kernels chosen;

  private KernelChoice() {}

  /**
   * Returns the kernels of this process.
   *
   * @throws SettingException if the forced backend or vector width is unknown or not available; the
   *     message names the flag that is missing
   */
  public static synchronized Kernels kernels() {
    // Not in a static initialiser: a failure shall reach every caller as what it is.
    if (chosen == null) {
      chosen = choose(System.getProperty(PROPERTY, ""));
    }
    return chosen;
  }

  static Kernels choose(String forced) {
    Logger log = System.getLogger("dev.kumiko");
    Kernels kernels =
        switch (forced) {
          case "scalar" -> new ScalarKernels("-D" + PROPERTY + "=scalar asks for it");
          case "vector" -> forcedVector();
          case "machine" -> forcedLevel(log);
          case "" -> withLevel(preferred(log), log);
          default ->
              throw new SettingException(
                  "-D"
                      + PROPERTY
                      + "="
                      + forced
                      + " is not a backend; use scalar, vector or machine");
        };
    log.log(Level.DEBUG, "Kumiko computes with the {0} backend", kernels.name());
    return kernels;
  }

  private static Kernels forcedVector() {
    if (!moduleIsThere()) {
      throw new SettingException(
          "-D" + PROPERTY + "=vector needs the module " + MODULE + "; start java with " + FLAG);
    }
    return vectorKernels();
  }

  private static Kernels forcedLevel(Logger log) {
    KernelLevel level =
        level()
            .orElseThrow(
                () ->
                    new SettingException(
                        "-D"
                            + PROPERTY
                            + "=machine needs the JAR kumiko-machine-code on the class path"));
    return level.over(preferred(log), true);
  }

  private static Kernels withLevel(Kernels below, Logger log) {
    try {
      return level().map(level -> level.over(below, false)).orElse(below);
    } catch (ServiceConfigurationError e) {
      log.log(Level.WARNING, "Kumiko does without the kernels of another module: {0}", e);
      return below;
    }
  }

  private static Optional<KernelLevel> level() {
    return ServiceLoader.load(KernelLevel.class, KernelLevel.class.getClassLoader()).findFirst();
  }

  private static Kernels preferred(Logger log) {
    String lacking = missing();
    if (!lacking.isEmpty()) {
      return plain(lacking, log);
    }
    if (!moduleIsThere()) {
      String because = "the module " + MODULE + " is not there; start java with " + FLAG;
      log.log(
          Level.WARNING,
          "Kumiko runs on its slower plain-Java kernels because the module {0} is not there;"
              + " start java with {1} for full speed, or with -D{2}=scalar to silence this",
          MODULE,
          FLAG,
          PROPERTY);
      return new ScalarKernels(because);
    }
    Kernels vector = vectorKernels();
    if (vector.vectorBits() >= NARROWEST) {
      return vector;
    }
    return plain(
        "this CPU, or this JVM by -XX:MaxVectorSize, has vectors of %d bits, and less than %d are not faster"
            .formatted(vector.vectorBits(), NARROWEST),
        log);
  }

  private static Kernels plain(String because, Logger log) {
    log.log(Level.WARNING, "Kumiko runs on its plain-Java kernels because {0}", because);
    return new ScalarKernels(because);
  }

  /** Returns what this JVM or the CPU lacks for fast vector code, or an empty string. */
  private static String missing() {
    return Fma.isInHardware()
        ? OptimisingCompiler.missing(
            System.getProperty("java.vm.name", ""), System.getProperty("java.vm.info", ""))
        : "this CPU has no fused multiply-add, or this JVM does not use it (-XX:-UseFMA,"
            + " -XX:UseAVX=0); without it a text takes many times as long";
  }

  private static boolean moduleIsThere() {
    return module().isPresent();
  }

  private static Optional<Module> module() {
    return ModuleLayer.boot().findModule(MODULE);
  }

  /** By name, so that nothing of the Vector API is linked when its module is missing. */
  private static Kernels vectorKernels() {
    String bits = System.getProperty(VECTOR_BITS);
    if (bits != null && !WIDTHS.contains(bits)) {
      throw new SettingException(
          "-D" + VECTOR_BITS + "=" + bits + " is not a vector width; use 128, 256 or 512");
    }
    // Not "requires static": javac would warn every module that uses this one.
    module().ifPresent(vector -> KernelChoice.class.getModule().addReads(vector));
    try {
      return Class.forName("dev.kumiko.kernel.vector.VectorKernels")
          .asSubclass(Kernels.class)
          .getConstructor()
          .newInstance();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("The vector backend does not start: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("The vector backend is not in this JAR: " + e, e);
    }
  }
}
