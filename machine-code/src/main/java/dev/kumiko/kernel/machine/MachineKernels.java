package dev.kumiko.kernel.machine;

import dev.kumiko.format.Activation;
import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.Int8Input;
import dev.kumiko.kernel.Kernels;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Linear;
import dev.kumiko.kernel.QuantizedLevel;
import dev.kumiko.kernel.Queries;
import dev.kumiko.kernel.Scratch;
import java.lang.foreign.Arena;
import java.util.Optional;

/**
 * Computes layers with quantised input by assembled programs, and all else by the kernels below.
 */
final class MachineKernels implements Kernels {
  private final Kernels below;
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
    this.below = below;
    this.code = code;
    this.ofOneModel = ofOneModel;
    // For good: a model's layers are quantised or not when it is loaded.
    this.quantizesFast = code.missing().isEmpty() || below.quantizesFast();
  }

  @Override
  public Kernels forModel() {
    return code.missing().isEmpty() ? new MachineKernels(below, code, true) : this;
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
        ? new MachineLinear(code, packed.get(), below)
        : below.linear(weight, scales, bias, outputs, input);
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

  @Override
  public void worked(long multiplications) {
    below.worked(multiplications);
  }

  @Override
  public String name() {
    return below.name();
  }

  @Override
  public int vectorBits() {
    return below.vectorBits();
  }

  @Override
  public String tile() {
    return below.tile();
  }

  @Override
  public String plainBecause() {
    return below.plainBecause();
  }

  @Override
  public ChangingLinear changing(int outputs, int inputs) {
    return below.changing(outputs, inputs);
  }

  @Override
  public HalfLinear half(HalfType type, int outputs, int inputs) {
    return below.half(type, outputs, inputs);
  }

  @Override
  public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    return below.linear(weight, scales, bias, outputs, inputs);
  }

  @Override
  public void addOuterProducts(
      float[] gradient,
      int outputs,
      int first,
      int end,
      float[] x,
      int inputs,
      int rows,
      float[] target,
      int to,
      Scratch s) {
    below.addOuterProducts(gradient, outputs, first, end, x, inputs, rows, target, to, s);
  }

  @Override
  public void activate(Activation activation, float[] x, int offset, int count) {
    below.activate(activation, x, offset, count);
  }

  @Override
  public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
    below.addAndNormalize(x, residual, offset, rows, norm);
  }

  @Override
  public void attend(
      float[] qkv, Queries queries, Heads heads, Distances distances, float[] context, Scratch s) {
    below.attend(qkv, queries, heads, distances, context, s);
  }
}
