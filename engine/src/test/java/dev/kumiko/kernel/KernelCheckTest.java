package dev.kumiko.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Activation;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** The parity tests notice a broken kernel: one element slightly off, or one written outside. */
class KernelCheckTest {
  private static final float ERROR = 1e-3f;

  @Test
  void oneWrongElementFails() {
    Fault off = (y, from, count) -> y[from + count / 2] += ERROR;
    assertAllFail(off, "expected");
  }

  @Test
  void oneElementThatIsNoNumberFails() {
    Fault nan = (y, from, count) -> y[from] = Float.NaN;
    assertAllFail(nan, "is NaN, expected");
  }

  @Test
  void oneElementWrittenOutsideFails() {
    assertAllFail((y, from, count) -> y[from + count] = 1, "wrote outside");
    assertAllFail((y, from, count) -> y[from - 1] = 1, "wrote outside");
  }

  @Test
  void twoExchangedElementsFail() {
    Fault exchange =
        (y, from, count) -> {
          float first = y[from];
          y[from] = y[from + 1];
          y[from + 1] = first;
        };
    assertAllFail(exchange, "expected");
  }

  private static void assertAllFail(Fault fault, String message) {
    assertFails(fault, message, check -> check.linear(7, 19, 384));
    assertFails(fault, message, check -> check.outerProducts(9, 19, 2, 17, 20));
    assertFails(fault, message, check -> check.integerLinear(3, 19, 70, 32, 80));
    assertFails(fault, message, check -> check.activate(Activation.GELU, check.values(9)));
    assertFails(fault, message, check -> check.addAndNormalize(2, 384, true, 0));
    assertFails(fault, message, check -> check.attend(34, 2, 32, 1));
  }

  private static void assertFails(Fault fault, String message, Consumer<KernelCheck> operation) {
    operation.accept(new KernelCheck(new ScalarKernels(), 1));
    KernelCheck broken = new KernelCheck(new Broken(fault), 1);
    AssertionFailedError failure =
        assertThrows(AssertionFailedError.class, () -> operation.accept(broken));
    assertTrue(failure.getMessage().contains(message), failure.getMessage());
  }

  /** What is done to a result {@code y[from, from + count)}. */
  @FunctionalInterface
  private interface Fault {
    void apply(float[] y, int from, int count);
  }

  /** Plain kernels that break every result. */
  private record Broken(Kernels kernels, Fault fault) implements Kernels {
    Broken(Fault fault) {
      this(new ScalarKernels(), fault);
    }

    @Override
    public String name() {
      return "broken";
    }

    @Override
    public String tile() {
      return kernels.tile();
    }

    @Override
    public String plainBecause() {
      return kernels.plainBecause();
    }

    @Override
    public int vectorBits() {
      return 0;
    }

    @Override
    public Linear linear(float[] weight, float[] bias, int outputs, int inputs) {
      return broken(kernels.linear(weight, bias, outputs, inputs));
    }

    @Override
    public ChangingLinear changing(int outputs, int inputs) {
      return kernels.changing(outputs, inputs);
    }

    @Override
    public HalfLinear half(HalfType type, int outputs, int inputs) {
      return kernels.half(type, outputs, inputs);
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
      kernels.addOuterProducts(gradient, outputs, first, end, x, inputs, rows, target, to, s);
      fault.apply(target, to, (end - first) * inputs);
    }

    @Override
    public Linear linear(byte[] weight, float[] scales, float[] bias, int outputs, int inputs) {
      return broken(kernels.linear(weight, scales, bias, outputs, inputs));
    }

    @Override
    public Linear linear(
        byte[] weight, float[] scales, float[] bias, int outputs, Int8Input input) {
      return broken(kernels.linear(weight, scales, bias, outputs, input));
    }

    private Linear broken(Linear linear) {
      return new Linear() {
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
            Scratch s) {
          linear.apply(x, xOffset, rows, first, end, y, yOffset, s);
          fault.apply(y, yOffset, rows * outputs());
        }
      };
    }

    @Override
    public void activate(Activation activation, float[] x, int offset, int count) {
      kernels.activate(activation, x, offset, count);
      fault.apply(x, offset, count);
    }

    @Override
    public void addAndNormalize(float[] x, float[] residual, int offset, int rows, LayerNorm norm) {
      kernels.addAndNormalize(x, residual, offset, rows, norm);
      fault.apply(x, offset, rows * norm.size());
    }

    @Override
    public void attend(
        float[] qkv, Queries queries, Heads heads, Distances distances, float[] y, Scratch s) {
      kernels.attend(qkv, queries, heads, distances, y, s);
      if (queries.end() == queries.tokens()) {
        int width = heads.queryWidth();
        fault.apply(y, (queries.contextRow() - queries.first()) * width, queries.tokens() * width);
      }
    }
  }
}
