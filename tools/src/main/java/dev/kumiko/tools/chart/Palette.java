package dev.kumiko.tools.chart;

/** The colours of charts and reports, as in CSS. */
public final class Palette {
  /** Behind everything. */
  public static final String PAPER = "#f6f3ec";

  /** Behind a panel. */
  public static final String CARD = "#ffffff";

  /** Texts, and what matters. */
  public static final String INK = "#26323a";

  /** Texts that matter less. */
  public static final String PALE = "#7b868c";

  /** Behind bars, and lines to measure by. */
  public static final String TRACK = "#f1eee6";

  /** A first curve. */
  public static final String TEAL = "#0f766e";

  /** The same before it was smoothed. */
  public static final String PALE_TEAL = "#bfe0dc";

  /** Another curve. */
  public static final String RUST = "#b4471f";

  /** A third one. */
  public static final String VIOLET = "#5a4fa2";

  private Palette() {}
}
