/** Kernels that Java assembles itself, put over those of the engine. */
module dev.kumiko.machine {
  requires dev.kumiko.engine;

  provides dev.kumiko.kernel.KernelLevel with
      dev.kumiko.kernel.machine.MachineLevel;
}
