package dev.kumiko.train.part;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Rotary;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.Scratch;
import dev.kumiko.train.TrainingFixture;
import dev.kumiko.train.kernel.GradientKernelChoice;
import dev.kumiko.train.parallel.Threads;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.parameter.Parameter.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every part on its own against autograd. */
class OperationsTest {
  private static final TrainingFixture REFERENCE = TrainingFixture.open("operations");
  private static final Threads THREADS = new Threads(2);
  private static final Compute COMPUTE =
      new Compute(
          KernelChoice.kernels(),
          GradientKernelChoice.beside(KernelChoice.kernels()),
          THREADS,
          new FloatPool());

  @AfterAll
  static void endThreads() {
    THREADS.close();
  }

  private static float[] floats(String tensor) {
    return REFERENCE.get(tensor).floats();
  }

  private static Parameter parameter(Kind kind, String tensor) {
    List<Integer> shape = REFERENCE.get(tensor).shape();
    int rows = shape.size() == 1 ? 1 : shape.getFirst();
    return new Parameter(tensor, kind, rows, shape.getLast(), floats(tensor));
  }

  private static void check(String tensor, float[] found) {
    assertClose(tensor, REFERENCE.get(tensor).array(), found);
  }

  /** Arrays of a pool may be longer than what they hold. */
  private static void checkFirst(String tensor, float[] found) {
    check(tensor, Arrays.copyOf(found, floats(tensor).length));
  }

  /** Checks output and gradient with respect to the input. */
  private static void check(String operation, String input, Result result) {
    checkFirst(operation + ".y", result.output());
    checkFirst(operation + ".d." + input, result.backward(floats(operation + ".dy")));
  }

  private static PackedTexts oneText(int tokens) {
    PackedTexts texts = new PackedTexts();
    texts.add(new int[tokens], tokens);
    return texts;
  }

  @Test
  void layerNorm() {
    Parameter gain = parameter(Kind.BIAS_OR_NORM, "layer_norm.gain");
    Parameter bias = parameter(Kind.BIAS_OR_NORM, "layer_norm.bias");
    Norm norm = new Norm(COMPUTE, gain, Optional.of(bias), 1e-5);
    check("layer_norm", "x", norm.forward(floats("layer_norm.x"), 5));
    check("layer_norm.d.gain", gain.gradient());
    check("layer_norm.d.bias", bias.gradient());
  }

  @ParameterizedTest
  @CsvSource({"GELU, gelu", "GELU_TANH, gelu_tanh"})
  void activation(Activation activation, String name) {
    float[] x = floats(name + ".x");
    float[] gradient = floats(name + ".dy");
    COMPUTE.gradients().activate(activation, x, gradient, 0, x.length);
    check(name + ".d.x", gradient);
  }

  @ParameterizedTest
  @EnumSource(
      value = HeadActivation.class,
      names = {"GELU", "GELU_TANH", "TANH", "SIGMOID", "SILU"})
  void headActivation(HeadActivation activation) {
    String name = activation.name().toLowerCase(Locale.ROOT);
    float[] x = floats(name + ".x");
    float[] gradient = floats(name + ".dy");
    HeadActivationGradient.multiply(COMPUTE.gradients(), activation, x, gradient);
    check(name + ".d.x", gradient);
    HeadSteps.activate(COMPUTE.kernels(), activation, x);
    check(name + ".y", x);
  }

  @Test
  void linear() {
    Parameter weight = parameter(Kind.WEIGHT, "linear.weight");
    Parameter bias = parameter(Kind.BIAS_OR_NORM, "linear.bias");
    LinearMap map = new LinearMap(COMPUTE, List.of(weight), List.of(bias));
    float[] x = floats("linear.x");
    checkFirst("linear.y", map.apply(x, 5));
    checkFirst("linear.d.x", map.backward(x, floats("linear.dy"), 5));
    check("linear.d.weight", weight.gradient());
    check("linear.d.bias", bias.gradient());
  }

  /** The reference's gate is what goes through the activation. */
  @Test
  void gatedFeedForward() {
    Parameter up = parameter(Kind.WEIGHT, "geglu_tanh.gate");
    Parameter gate = parameter(Kind.WEIGHT, "geglu_tanh.up");
    Parameter down = parameter(Kind.WEIGHT, "geglu_tanh.down");
    FeedForward block =
        new FeedForward(
            COMPUTE,
            Activation.GELU_TANH,
            new LinearMap(COMPUTE, List.of(up), List.of()),
            Optional.of(new LinearMap(COMPUTE, List.of(gate), List.of())),
            new LinearMap(COMPUTE, List.of(down), List.of()));
    check("geglu_tanh", "x", block.forward(oneText(5), floats("geglu_tanh.x")));
    check("geglu_tanh.d.gate", up.gradient());
    check("geglu_tanh.d.up", gate.gradient());
    check("geglu_tanh.d.down", down.gradient());
  }

  @ParameterizedTest
  @CsvSource({"attention, 2147483647", "attention_window, 2"})
  void attention(String name, int window) {
    Heads heads = new Heads(name);
    Distances distances = new Distances(window, new float[0][]);
    float[] context = heads.context(distances);
    check(name + ".y", context);
    heads.addGradient(distances, context, floats(name + ".dy"), new float[0]);
    heads.check();
  }

  /** The reference's bias is free in every place, so queries are computed one at a time. */
  @Test
  void attentionWithBias() {
    String name = "attention_bias";
    Heads heads = new Heads(name);
    float[] dy = floats(name + ".dy");
    float[] found = new float[Heads.HEADS * Heads.TOKENS * Heads.TOKENS];
    float[] y = new float[dy.length];
    for (int query = 0; query < Heads.TOKENS; query++) {
      Distances distances = new Distances(Integer.MAX_VALUE, heads.biasOf(query));
      float[] context = heads.context(distances);
      int from = query * Heads.HIDDEN;
      System.arraycopy(context, from, y, from, Heads.HIDDEN);
      float[] gradient = new float[dy.length];
      System.arraycopy(dy, from, gradient, from, Heads.HIDDEN);
      for (int head = 0; head < Heads.HEADS; head++) {
        float[] byDistance = new float[2 * Heads.TOKENS - 1];
        heads.addGradient(distances, context, gradient, byDistance, head);
        int to = (head * Heads.TOKENS + query) * Heads.TOKENS;
        System.arraycopy(byDistance, Heads.TOKENS - 1 - query, found, to, Heads.TOKENS);
      }
    }
    check(name + ".y", y);
    heads.check();
    check(name + ".d.bias", found);
  }

  /** Queries, keys and values of one text, and the sums of their gradients. */
  private static final class Heads {
    static final int TOKENS = 7;
    static final int HEADS = 4;
    static final int SIZE = 6;
    static final int HIDDEN = HEADS * SIZE;

    private final String name;
    private final float[] qkv = new float[TOKENS * 3 * HIDDEN];
    private final float[] sums = new float[qkv.length];
    private final Scratch scratch = new Scratch();

    Heads(String name) {
      this.name = name;
      for (int t = 0; t < TOKENS; t++) {
        for (int part = 0; part < 3; part++) {
          float[] values = floats(name + "." + "qkv".charAt(part));
          System.arraycopy(values, t * HIDDEN, qkv, (3 * t + part) * HIDDEN, HIDDEN);
        }
      }
    }

    /** Returns a bias by distance that is right for one query. */
    float[][] biasOf(int query) {
      float[] all = floats(name + ".bias");
      float[][] bias = new float[HEADS][2 * TOKENS - 1];
      for (int head = 0; head < HEADS; head++) {
        int from = (head * TOKENS + query) * TOKENS;
        System.arraycopy(all, from, bias[head], TOKENS - 1 - query, TOKENS);
      }
      return bias;
    }

    float[] context(Distances distances) {
      float[] context = new float[TOKENS * HIDDEN];
      COMPUTE.kernels().attend(qkv, 0, TOKENS, 0, TOKENS, HEADS, SIZE, distances, context, scratch);
      return context;
    }

    void addGradient(Distances distances, float[] context, float[] gradient, float[] bias) {
      for (int head = 0; head < HEADS; head++) {
        addGradient(distances, context, gradient, bias, head);
      }
    }

    void addGradient(
        Distances distances, float[] context, float[] gradient, float[] bias, int head) {
      float[] result = new float[qkv.length];
      COMPUTE
          .gradients()
          .attend(
              qkv, context, gradient, 0, TOKENS, head, HEADS, SIZE, distances, result, bias,
              scratch);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += result[i];
      }
    }

    void check() {
      for (int part = 0; part < 3; part++) {
        float[] found = new float[TOKENS * HIDDEN];
        for (int t = 0; t < TOKENS; t++) {
          System.arraycopy(sums, (3 * t + part) * HIDDEN, found, t * HIDDEN, HIDDEN);
        }
        OperationsTest.check(name + ".d." + "qkv".charAt(part), found);
      }
    }
  }

  @Test
  void rotary() {
    Architecture two = new Architecture("bert", 1, 16, 2, 1, Activation.GELU, 1e-12, 1, 64, 0);
    Rotary rotary = new Rotary(two, 10_000);
    float[] x = queries(floats("rotary.x"));
    rotary.apply(x, 0, 0, 7);
    check("rotary.y", ofQueries(x));
    float[] gradient = queries(floats("rotary.dy"));
    rotary.undo(gradient, 0, 0, 7);
    check("rotary.d.x", ofQueries(gradient));
  }

  /** Puts {@code [7][16]} where queries are, {@code [7][48]}. */
  private static float[] queries(float[] x) {
    float[] qkv = new float[3 * x.length];
    for (int t = 0; t < 7; t++) {
      System.arraycopy(x, t * 16, qkv, t * 48, 16);
    }
    return qkv;
  }

  private static float[] ofQueries(float[] qkv) {
    float[] x = new float[qkv.length / 3];
    for (int t = 0; t < 7; t++) {
      System.arraycopy(qkv, t * 48, x, t * 16, 16);
    }
    return x;
  }

  @Test
  void normalize() {
    check(
        "l2_normalize",
        "x",
        new Normalize(new FloatPool(), 9).forward(floats("l2_normalize.x"), 3));
  }

  @ParameterizedTest
  @CsvSource({
    "MEAN, pool_mean",
    "MEAN_SQRT_LEN, pool_mean_sqrt_len_tokens",
    "MAX, pool_max",
    "CLS, pool_cls",
    "LAST_TOKEN, pool_lasttoken",
    "WEIGHTED_MEAN, pool_weightedmean"
  })
  void pooling(Pooling pooling, String name) {
    float[] hidden = floats(name + ".h");
    check(name, "h", new Pooled(COMPUTE, List.of(pooling), oneText(6), new int[1], hidden, 5));
  }

  @Test
  void composedTable() throws IOException {
    Json facts = REFERENCE.facts().get("composed_table");
    List<Json> ids = facts.get("ids").items();
    List<Json> codes = facts.get("codes").items();
    float[] found = new float[ids.size() * 7];
    int column = 0;
    List<Parameter> parts = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      int[] rows = new int[ids.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = codes.get(ids.get(i).asInt()).items().get(part).asInt();
      }
      parts.add(parameter(Kind.TABLE, "composed_table.parts" + part));
      TableRows table = new TableRows(parts.getLast(), column, texts -> rows);
      assertEquals(rows, table.rows(oneText(rows.length)));
      table.add(COMPUTE, rows, found, 7);
      table.backward(COMPUTE, rows, floats("composed_table.dy"), 7);
      column += parts.getLast().columns();
    }
    check("composed_table.y", found);
    for (int part = 0; part < 3; part++) {
      check("composed_table.d.parts" + part, parts.get(part).gradient());
    }
    assertEquals(7, column, Arrays.toString(found));
  }
}
