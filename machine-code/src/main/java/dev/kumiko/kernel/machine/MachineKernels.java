package dev.kumiko.kernel.machine;

import dev.kumiko.kernel.ForwardingKernels;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.QuantizedLevel;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * Computes layers with quantised input by assembled programs, and all else by the kernels below.
 */
final class MachineKernels extends ForwardingKernels {
  private final MachineCode code;
  private final boolean quantizesFast;

  private final boolean ofOneModel;

  /** Of one model's weights, from its first layer on. */
  private Arena arena;

  /** Keeps the weights of a layer for as long as somebody has it. */
  MachineKernels(Kernels below, MachineCode code) {
    this(below, code, false);
  }

  private MachineKernels(Kernels below, MachineCode code, boolean ofOneModel) {
    super(below);
    this.code = code;
    this.ofOneModel = ofOneModel;
    // For good: a model's layers are quantised or not when it is loaded.
    this.quantizesFast = code.missing().isEmpty() || below.quantizesFast();
  }

  @Override
  public Kernels forModel() {
    return code.missing().isEmpty() ? new MachineKernels(below(), code, true) : this;
  }

  @Override
  public synchronized void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
    Optional<PackedWeights> packed =
        code.missing().isEmpty()
            ? PackedWeights.pack(code.level(), weight, scales, bias, outputs, input, arena())
            : Optional.empty();
    return packed.isPresent()
        ? new MachineLinear(code, packed.get(), below())
        : super.linear(weight, scales, bias, outputs, input);
  }

  private synchronized Arena arena() {
    if (!ofOneModel) {
      return Arena.ofAuto();
    }
    if (arena == null) {
      arena = Arena.ofShared();
    }
    return arena;
  }

  @Override
  public Optional<QuantizedLevel> quantizedLevel() {
    Level level = code.level();
    return Optional.of(
        level == null
            ? new QuantizedLevel("machine", 0, "", code.missing(), "")
            : new QuantizedLevel(
                "machine",
                level.bits(),
                level.rows() + " x " + level.vectors() + " " + level.label(),
                code.missing(),
                code.pending()));
  }

  @Override
  public boolean quantizesFast() {
    return quantizesFast;
  }
}
