package dev.kumiko.kernel;

/**
 * Coefficients of the approximations that both backends evaluate.
 *
 * <p>{@code erf} and {@code tanh} are {@code x P(x^2) / Q(x^2)}, fitted by iteratively reweighted
 * least squares (Lawson) on Chebyshev nodes and clamped where the float result is one. {@code exp}
 * is {@code 2^n (1 + r + r^2 P(r))} with {@code x = n ln 2 + r} (Cody and Waite, Software Manual
 * for the Elementary Functions, chapter 6). Largest absolute error of {@code erf} and {@code tanh}
 * in float arithmetic: 4e-7; largest relative error of {@code exp} on [-87, 88]: 3e-7.
 */
public final class Approximation {
  private Approximation() {}

  public static final float ERF_LIMIT = 3.925f;
  public static final float ERF_P0 = 1.1283791065216064f;
  public static final float ERF_P1 = 0.19058650732040405f;
  public static final float ERF_P2 = 0.05276837944984436f;
  public static final float ERF_P3 = 0.003772253403440118f;
  public static final float ERF_P4 = 0.0002848389558494091f;
  public static final float ERF_P5 = 2.0461066014831886e-06f;
  public static final float ERF_Q1 = 0.5022355914115906f;
  public static final float ERF_Q2 = 0.11417976021766663f;
  public static final float ERF_Q3 = 0.014982598833739758f;
  public static final float ERF_Q4 = 0.001163790002465248f;
  public static final float ERF_Q5 = 3.8048368878662586e-05f;

  public static final float TANH_LIMIT = 9f;
  public static final float TANH_P1 = 0.14099961519241333f;
  public static final float TANH_P2 = 0.004426951985806227f;
  public static final float TANH_P3 = 4.229964179103263e-05f;
  public static final float TANH_P4 = 1.1132546262615506e-07f;
  public static final float TANH_P5 = 3.683820956612571e-11f;
  public static final float TANH_Q1 = 0.4743329584598541f;
  public static final float TANH_Q2 = 0.029204601421952248f;
  public static final float TANH_Q3 = 0.0005010272725485265f;
  public static final float TANH_Q4 = 2.606265979920863e-06f;
  public static final float TANH_Q5 = 2.9567315262823968e-09f;

  /** Below this the float result of {@code exp} would be subnormal; it is clamped there. */
  public static final float EXP_LOWEST = -87f;

  public static final float LOG2_E = 1.442695040888963f;

  /** The leading bits of ln 2, so few that {@code n * LN2_HIGH} is exact. */
  public static final float LN2_HIGH = 0.693359375f;

  public static final float LN2_LOW = -2.12194440e-4f;

  /** Added and subtracted, rounds a float to an integer, which is then in its lowest bits. */
  public static final float ROUND = 0x1.8p23f;

  public static final float EXP_P0 = 0.4999999403953552f;
  public static final float EXP_P1 = 0.1666652113199234f;
  public static final float EXP_P2 = 0.04166838899254799f;
  public static final float EXP_P3 = 0.008368710055947304f;
  public static final float EXP_P4 = 0.001381461275741458f;

  public static final float SQRT_HALF = 0.70710678118654752f;

  /** {@code sqrt(2 / pi)}, the scale in the tanh approximation of GELU. */
  public static final float GELU_TANH_SCALE = 0.79788456080286536f;

  public static final float GELU_TANH_CUBE = 0.044715f;
}
