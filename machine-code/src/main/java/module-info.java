/** Kernels that Java assembles itself, put over those of the engine. */
@SuppressWarnings("module") // The tools are compiled later.
module dev.kumiko.machine {
  requires dev.kumiko.engine;

  exports dev.kumiko.kernel.machine to
      dev.kumiko.tools;

  provides dev.kumiko.kernel.KernelLevel with
      dev.kumiko.kernel.machine.MachineLevel;
}
