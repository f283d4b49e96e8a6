package dev.kumiko.tools.quantize;

import dev.kumiko.kernel.ChangingLinear;
import dev.kumiko.kernel.ForwardingKernels;
import dev.kumiko.kernel.HalfLinear;
import dev.kumiko.kernel.HalfType;
import dev.kumiko.kernel.ScalarKernels;
import dev.kumiko.kernel.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plain kernels, the same on every machine; they note how large inputs become. */
final class RecordingKernels extends ForwardingKernels {
  private final List<Recording> recordings = new ArrayList<>();

  RecordingKernels() {
    super(new ScalarKernels());
  }

  /** A linear layer and what it has seen. Weights of 16 bits are widened: it computes the same. */
  static final class Recording implements ChangingLinear, HalfLinear {
    private final ChangingLinear linear;
    private final Optional<HalfType> type;
    private final float[] largest;

    Recording(ChangingLinear linear, Optional<HalfType> type) {
      this.linear = linear;
      this.type = type;
      this.largest = new float[linear.inputs()];
    }

    @Override
    public void setBias(int first, float[] bias) {
      linear.setBias(first, bias);
    }

    @Override
    public void setOutputs(int first, int count, float[] weight, int from) {
      linear.setOutputs(first, count, weight, from);
    }

    @Override
    public void setOutputs(int first, int count, short[] weight, int from) {
      float[] wide = new float[count * inputs()];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = type.orElseThrow().widen(weight[from + i]);
      }
      linear.setOutputs(first, count, wide, 0);
    }

    @Override
    public void setInputs(int first, int count, float[] weight, int from) {
      linear.setInputs(first, count, weight, from);
    }

    /** Returns the largest magnitude so far of each input, {@code [inputs]}. */
    float[] largest() {
      return largest;
    }

    @Override
    public int inputs() {
      return linear.inputs();
    }

    @Override
    public int outputs() {
      return linear.outputs();
    }

    @Override
    public int outputsTogether() {
      return linear.outputsTogether();
    }

    @Override
    public void apply(
        float[] x,
        int xOffset,
        int rows,
        int first,
        int end,
        float[] y,
        int yOffset,
        Scratch scratch) {
      for (int row = 0; row < rows; row++) {
        int from = xOffset + row * inputs();
        for (int i = 0; i < inputs(); i++) {
          largest[i] = Math.max(largest[i], Math.abs(x[from + i]));
        }
      }
      linear.apply(x, xOffset, rows, first, end, y, yOffset, scratch);
    }
  }

  /** Returns the linear layers in the order in which they were made. */
  List<Recording> recordings() {
    return recordings;
  }

  @Override
  public ChangingLinear changing(int outputs, int inputs) {
    return recording(outputs, inputs, Optional.empty());
  }

  @Override
  public HalfLinear half(HalfType type, int outputs, int inputs) {
    return recording(outputs, inputs, Optional.of(type));
  }

  private Recording recording(int outputs, int inputs, Optional<HalfType> type) {
    Recording recording = new Recording(below().changing(outputs, inputs), type);
    recordings.add(recording);
    return recording;
  }
}
