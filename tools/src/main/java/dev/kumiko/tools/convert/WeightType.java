package dev.kumiko.tools.convert;

import dev.kumiko.format.DType;

/** What type weights get when a model is converted. */
public enum WeightType {
  /** Each keeps its own; F64 becomes F32. */
  KEEP,

  /** All are F32. */
  F32,

  /** Matrices are rounded to BF16; biases and norms keep their types. */
  BF16,

  /** Matrices are rounded to F16; biases and norms keep their types. */
  F16;

  /** Returns the type of a weight in the model file. */
  DType of(Weight weight) {
    DType kept = weight.type().isWeight() ? weight.type() : DType.F32;
    boolean isMatrix = weight.shape().size() > 1;
    return switch (this) {
      case KEEP -> kept;
      case F32 -> DType.F32;
      case BF16 -> isMatrix ? DType.BF16 : kept;
      case F16 -> isMatrix ? DType.F16 : kept;
    };
  }
}
