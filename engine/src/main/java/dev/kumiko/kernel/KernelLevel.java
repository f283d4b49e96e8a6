package dev.kumiko.kernel;

/**
 * Kernels of another module, found by {@link java.util.ServiceLoader}, that compute some operations
 * themselves and leave the others to the kernels below.
 */
public interface KernelLevel {
  /**
   * Puts these kernels over others. If they cannot run, {@link Kernels#quantizedLevel} of the
   * result says why, and those below compute everything.
   *
   * @param required whether they were asked for by name
   * @throws SettingException if they are required and cannot run
   */
  Kernels over(Kernels below, boolean required);
}
