package dev.kumiko.train.part;

import static dev.kumiko.train.Gradients.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Rotary;
import dev.kumiko.format.Activation;
import dev.kumiko.format.Architecture;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.format.Json;
import dev.kumiko.format.Layout.NormKind;
import dev.kumiko.format.Pooling;
import dev.kumiko.kernel.Distances;
import dev.kumiko.kernel.Heads;
import dev.kumiko.kernel.KernelChoice;
import dev.kumiko.kernel.LayerNorm;
import dev.kumiko.kernel.Queries;
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
    Norm norm = new Norm(COMPUTE, NormKind.LAYER_NORM, gain, Optional.of(bias), 1e-5);
    check("layer_norm", "x", norm.forward(floats("layer_norm.x"), 5));
    check("layer_norm.d.gain", gain.gradient());
    check("layer_norm.d.bias", bias.gradient());
  }

  @ParameterizedTest
  @CsvSource({"RMS_NORM, rms_norm", "RMS_NORM_FROM_ONE, rms_norm_one_plus"})
  void rootMeanSquareNorm(NormKind kind, String name) {
    Parameter gain = parameter(Kind.BIAS_OR_NORM, name + ".weight");
    Norm norm = new Norm(COMPUTE, kind, gain, Optional.empty(), 1e-6);
    check(name, "x", norm.forward(floats(name + ".x"), 5));
    check(name + ".d.weight", gain.gradient());
  }

  /** A gain that has changed is taken over, also where it is stored less one. */
  @ParameterizedTest
  @EnumSource(NormKind.class)
  void aNormSeesWhatItsGainHasBecome(NormKind kind) {
    float[] x = floats("rms_norm.x");
    Parameter gain = new Parameter("gain", Kind.BIAS_OR_NORM, 1, 12, new float[12]);
    Norm norm = new Norm(COMPUTE, kind, gain, Optional.empty(), 1e-6);
    Arrays.fill(gain.values(), kind == NormKind.RMS_NORM_FROM_ONE ? 1 : 2);
    norm.refresh();
    float[] twos = new float[12];
    Arrays.fill(twos, 2);
    float[] expected = x.clone();
    boolean centered = kind == NormKind.LAYER_NORM;
    COMPUTE
        .kernels()
        .addAndNormalize(expected, null, 0, 5, new LayerNorm(twos, new float[12], 1e-6f, centered));
    assertArrayEquals(expected, Arrays.copyOf(norm.forward(x, 5).output(), x.length));
  }

  @ParameterizedTest
  @CsvSource({"GELU, gelu", "GELU_TANH, gelu_tanh", "SILU, silu"})
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
  @ParameterizedTest
  @CsvSource({"GELU_TANH, geglu_tanh", "SILU, swiglu"})
  void gatedFeedForward(Activation activation, String name) {
    Parameter up = parameter(Kind.WEIGHT, name + ".gate");
    Parameter gate = parameter(Kind.WEIGHT, name + ".up");
    Parameter down = parameter(Kind.WEIGHT, name + ".down");
    FeedForward block =
        new FeedForward(
            COMPUTE,
            activation,
            new LinearMap(COMPUTE, List.of(up), List.of()),
            Optional.of(new LinearMap(COMPUTE, List.of(gate), List.of())),
            new LinearMap(COMPUTE, List.of(down), List.of()));
    check(name, "x", block.forward(oneText(5), floats(name + ".x")));
    check(name + ".d.gate", up.gradient());
    check(name + ".d.up", gate.gradient());
    check(name + ".d.down", down.gradient());
  }

  @ParameterizedTest
  @CsvSource({
    "attention, 4, 4, 2147483647, 2147483647, 0",
    "attention_window, 4, 4, 2, 2, 0",
    "attention_causal, 4, 4, 2147483647, 0, 0",
    "attention_causal_window, 4, 4, 2, 0, 0",
    "attention_grouped, 6, 2, 2147483647, 0, 0",
    "attention_capped, 4, 4, 2147483647, 0, 1.5"
  })
  void attention(String name, int queries, int keys, int behind, int ahead, float cap) {
    int size = Projections.SIZE;
    Projections projections =
        new Projections(name, new Heads(queries, keys, size, (float) (1 / Math.sqrt(size)), cap));
    Distances distances = new Distances(behind, ahead, new float[0][]);
    float[] context = projections.context(distances);
    check(name + ".y", context);
    projections.addGradient(distances, context, floats(name + ".dy"));
    projections.check();
  }

  /** The reference's bias is free in every place, so queries are computed one at a time. */
  @Test
  void attentionWithBias() {
    String name = "attention_bias";
    Heads heads = Heads.plain(4, Projections.SIZE);
    Projections projections = new Projections(name, heads);
    int tokens = Projections.TOKENS;
    int hidden = heads.queryWidth();
    float[] dy = floats(name + ".dy");
    float[] found = new float[heads.queries() * tokens * tokens];
    float[] y = new float[dy.length];
    for (int query = 0; query < tokens; query++) {
      Distances distances = new Distances(Integer.MAX_VALUE, projections.biasOf(query));
      float[] context = projections.context(distances);
      int from = query * hidden;
      System.arraycopy(context, from, y, from, hidden);
      float[] gradient = new float[dy.length];
      System.arraycopy(dy, from, gradient, from, hidden);
      float[][] byDistance = projections.addGradient(distances, context, gradient);
      for (int head = 0; head < heads.queries(); head++) {
        int to = (head * tokens + query) * tokens;
        System.arraycopy(byDistance[head], tokens - 1 - query, found, to, tokens);
      }
    }
    check(name + ".y", y);
    projections.check();
    check(name + ".d.bias", found);
  }

  /** Queries, keys and values of one text, and the sums of their gradients. */
  private static final class Projections {
    static final int TOKENS = 7;
    static final int SIZE = 6;

    private final String name;
    private final Heads heads;
    private final float[] qkv;
    private final float[] sums;
    private final Scratch scratch = new Scratch();

    Projections(String name, Heads heads) {
      this.name = name;
      this.heads = heads;
      this.qkv = new float[TOKENS * heads.rowWidth()];
      this.sums = new float[qkv.length];
      for (int part = 0; part < 3; part++) {
        float[] values = floats(name + "." + "qkv".charAt(part));
        for (int t = 0; t < TOKENS; t++) {
          System.arraycopy(values, t * width(part), qkv, place(t, part), width(part));
        }
      }
    }

    private int width(int part) {
      return (part == 0 ? heads.queries() : heads.keys()) * SIZE;
    }

    private int place(int token, int part) {
      int column = part == 0 ? 0 : part == 1 ? heads.keyOffset(0) : heads.valueOffset(0);
      return token * heads.rowWidth() + column;
    }

    /** Returns a bias by distance that is right for one query. */
    float[][] biasOf(int query) {
      float[] all = floats(name + ".bias");
      float[][] bias = new float[heads.queries()][2 * TOKENS - 1];
      for (int head = 0; head < heads.queries(); head++) {
        int from = (head * TOKENS + query) * TOKENS;
        System.arraycopy(all, from, bias[head], TOKENS - 1 - query, TOKENS);
      }
      return bias;
    }

    float[] context(Distances distances) {
      float[] context = new float[TOKENS * heads.queryWidth()];
      Queries all = Queries.all(0, TOKENS);
      COMPUTE.kernels().attend(qkv, all, heads, distances, context, scratch);
      return context;
    }

    /** Returns each head's gradient of the bias by distance. */
    float[][] addGradient(Distances distances, float[] context, float[] gradient) {
      float[] result = new float[qkv.length];
      float[][] byDistance = new float[heads.queries()][2 * TOKENS - 1];
      for (int head = 0; head < heads.queries(); head++) {
        COMPUTE
            .gradients()
            .attend(
                qkv,
                context,
                gradient,
                0,
                TOKENS,
                head,
                heads,
                distances,
                result,
                byDistance[head],
                scratch);
      }
      for (int i = 0; i < sums.length; i++) {
        sums[i] += result[i];
      }
      return byDistance;
    }

    void check() {
      for (int part = 0; part < 3; part++) {
        float[] found = new float[TOKENS * width(part)];
        for (int t = 0; t < TOKENS; t++) {
          System.arraycopy(sums, place(t, part), found, t * width(part), width(part));
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
      TableRows table = new TableRows(parts.getLast(), column, 1, texts -> rows);
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
