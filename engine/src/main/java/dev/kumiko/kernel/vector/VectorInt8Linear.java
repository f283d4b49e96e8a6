package dev.kumiko.kernel.vector;

import static dev.kumiko.kernel.vector.Species.BYTES;
import static dev.kumiko.kernel.vector.Species.FLOATS;
import static dev.kumiko.kernel.vector.Species.LANES;
import static dev.kumiko.kernel.vector.Species.PANEL;

import dev.kumiko.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A linear layer with int8 weights. They are widened to float, a block of a panel at a time that
 * stays in the first-level cache, and then serve all rows, so that the product runs at the speed of
 * the float kernel.
 */
final class VectorInt8Linear extends PanelLinear {
  private final byte[] panels;
  private final float[] scales;

  VectorInt8Linear(
      WarmUp warmUp, byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
    super(warmUp, bias, outputs, inputs);
    this.scales = Arrays.copyOf(scales, Species.padToPanel(outputs));
    // A vector of bytes may be longer than LANES: the last one read must not pass the end.
    int size = Math.multiplyExact(Species.padToPanel(outputs), inputs) + BYTES.length();
    this.panels = new byte[size];
    for (int out = 0; out < outputs; out++) {
      lay(weight, out * inputs, inputs, panels, place(out, inputs));
    }
  }

  /** Writes one output's weights, by itself because the JIT compiles that sooner. */
  private static void lay(byte[] weight, int from, int inputs, byte[] panels, int to) {
    for (int k = 0; k < inputs; k++) {
      panels[to + k * PANEL] = weight[from + k];
    }
  }

  @Override
  float[] block(int column, int k, int count, Scratch scratch) {
    float[] panel = scratch.panel(Tiles.innerBlock(inputs()) * PANEL);
    widen(column, k, count, panel);
    return panel;
  }

  @Override
  int offset(int column, int k) {
    return 0;
  }

  /** Writes {@code count} rows of one panel as floats, scales applied. */
  private void widen(int column, int row, int count, float[] panel) {
    FloatVector s0 = FloatVector.fromArray(FLOATS, scales, column);
    FloatVector s1 = FloatVector.fromArray(FLOATS, scales, column + LANES);
    int from = column * inputs() + row * PANEL;
    for (int to = 0; to < count * PANEL; to += PANEL) {
      ((FloatVector)
              ByteVector.fromArray(BYTES, panels, from + to)
                  .convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(s0)
          .intoArray(panel, to);
      ((FloatVector)
              ByteVector.fromArray(BYTES, panels, from + to + LANES)
                  .convertShape(VectorOperators.B2F, FLOATS, 0))
          .mul(s1)
          .intoArray(panel, to + LANES);
    }
  }

  @Override
  public float[] row(int input, int first, int end, float[] memory) {
    for (int column = first; column < end; column += PANEL) {
      int from = column * inputs() + input * PANEL;
      int count = Math.min(PANEL, outputs() - column);
      for (int i = 0; i < count; i++) {
        memory[column + i] = panels[from + i] * scales[column + i];
      }
    }
    return memory;
  }
}
