package dev.kumiko.kernel;

/**
 * Coefficients of the approximations that both backends evaluate.
 *
 * <p>{@code erf} and {@code tanh} are {@code x P(x^2) / Q(x^2)}, fitted by iteratively reweighted
 * least squares (Lawson) on Chebyshev nodes; arguments are clamped where that comes out as exactly
 * one. {@code exp} is {@code 2^n (1 + r + r^2 P(r))} with {@code x = n ln 2 + r} (Cody and Waite,
 * Software Manual for the Elementary Functions, chapter 6). Largest absolute error of {@code erf}
 * and {@code tanh} in float arithmetic: 4e-7; largest relative error of {@code exp} on [-87, 88]:
 * 3e-7.
 */
public final class Approximation {
  private Approximation() {}

  public static final float ERF_LIMIT = 3.92f;
  public static final float ERF_P0 = 1.1283791f;
  public static final float ERF_P1 = 0.1905865f;
  public static final float ERF_P2 = 0.05276838f;
  public static final float ERF_P3 = 0.0037722534f;
  public static final float ERF_P4 = 2.8483896e-4f;
  public static final float ERF_P5 = 2.0461066e-6f;
  public static final float ERF_Q1 = 0.5022356f;
  public static final float ERF_Q2 = 0.11417976f;
  public static final float ERF_Q3 = 0.014982599f;
  public static final float ERF_Q4 = 0.00116379f;
  public static final float ERF_Q5 = 3.804837e-5f;

  public static final float TANH_LIMIT = 9.05f;
  public static final float TANH_P1 = 0.14099962f;
  public static final float TANH_P2 = 0.004426952f;
  public static final float TANH_P3 = 4.229964e-5f;
  public static final float TANH_P4 = 1.1132546e-7f;
  public static final float TANH_P5 = 3.683821e-11f;
  public static final float TANH_Q1 = 0.47433296f;
  public static final float TANH_Q2 = 0.029204601f;
  public static final float TANH_Q3 = 5.010273e-4f;
  public static final float TANH_Q4 = 2.606266e-6f;
  public static final float TANH_Q5 = 2.9567315e-9f;

  /** Below this the float result of {@code exp} would be subnormal; it is clamped there. */
  public static final float EXP_LOWEST = -87.0f;

  public static final float LOG2_E = 1.442695f;

  /** The leading bits of ln 2, so few that {@code n * LN2_HIGH} is exact. */
  public static final float LN2_HIGH = 0.6933594f;

  public static final float LN2_LOW = -2.1219444e-4f;

  /** Added and subtracted, rounds a float to an integer, which is then in its lowest bits. */
  public static final float ROUND = 0x1.8p23f;

  public static final float EXP_P0 = 0.49999994f;
  public static final float EXP_P1 = 0.16666521f;
  public static final float EXP_P2 = 0.04166839f;
  public static final float EXP_P3 = 0.00836871f;
  public static final float EXP_P4 = 0.0013814613f;

  public static final float SQRT_HALF = 0.70710677f;

  /** {@code sqrt(2 / pi)}, the scale in the tanh approximation of GELU. */
  public static final float GELU_TANH_SCALE = 0.7978846f;

  public static final float GELU_TANH_CUBE = 0.044715f;

  /** The error function. */
  public static float erf(float x) {
    float z = Math.min(Math.max(x, -ERF_LIMIT), ERF_LIMIT);
    float u = z * z;
    float p = Fma.fma(ERF_P5, u, ERF_P4);
    p = Fma.fma(p, u, ERF_P3);
    p = Fma.fma(p, u, ERF_P2);
    p = Fma.fma(p, u, ERF_P1);
    p = Fma.fma(p, u, ERF_P0);
    float q = Fma.fma(ERF_Q5, u, ERF_Q4);
    q = Fma.fma(q, u, ERF_Q3);
    q = Fma.fma(q, u, ERF_Q2);
    q = Fma.fma(q, u, ERF_Q1);
    q = Fma.fma(q, u, 1f);
    return z * p / q;
  }

  /** The hyperbolic tangent. */
  public static float tanh(float x) {
    float z = Math.min(Math.max(x, -TANH_LIMIT), TANH_LIMIT);
    float u = z * z;
    float p = Fma.fma(TANH_P5, u, TANH_P4);
    p = Fma.fma(p, u, TANH_P3);
    p = Fma.fma(p, u, TANH_P2);
    p = Fma.fma(p, u, TANH_P1);
    p = Fma.fma(p, u, 1f);
    float q = Fma.fma(TANH_Q5, u, TANH_Q4);
    q = Fma.fma(q, u, TANH_Q3);
    q = Fma.fma(q, u, TANH_Q2);
    q = Fma.fma(q, u, TANH_Q1);
    q = Fma.fma(q, u, 1f);
    return z * p / q;
  }

  /** The exponential of a number that is not positive. */
  public static float exp(float x) {
    float v = Math.max(x, EXP_LOWEST);
    float rounded = Fma.fma(v, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = Fma.fma(n, -LN2_HIGH, v);
    r = Fma.fma(n, -LN2_LOW, r);
    float p = Fma.fma(EXP_P4, r, EXP_P3);
    p = Fma.fma(p, r, EXP_P2);
    p = Fma.fma(p, r, EXP_P1);
    p = Fma.fma(p, r, EXP_P0);
    p = Fma.fma(p * r, r, r) + 1f;
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(rounded) << 23));
  }
}
