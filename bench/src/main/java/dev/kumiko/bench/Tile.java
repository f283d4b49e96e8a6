package dev.kumiko.bench;

/**
 * Rows and vectors that an engine's products take at a time.
 *
 * @param name such as 5 x 2; empty if the engine has none or does not say
 */
record Tile(String name) {
  private static final int ROWS = 100;

  /** Returns a number for JMH, whose results are numbers. */
  double code() {
    if (name.isEmpty()) {
      return 0;
    }
    String[] sizes = name.split(" x ", 2);
    return ROWS * Integer.parseInt(sizes[0]) + Integer.parseInt(sizes[1]);
  }

  /** Returns the tile of a number. */
  static Tile of(double code) {
    int number = (int) code;
    return new Tile(number == 0 ? "" : number / ROWS + " x " + number % ROWS);
  }
}
