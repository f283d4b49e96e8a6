package dev.kumiko.bench;

/**
 * Rows and vectors that an engine's products take at a time.
 *
 * @param name such as 5 x 2, maybe with the instructions behind it; empty if the engine has none or
 *     does not say
 */
record Tile(String name) {
  private static final int ROWS = 100;

  /** Returns the sizes as a number for JMH, whose results are numbers. */
  double code() {
    if (name.isEmpty()) {
      return 0;
    }
    String[] words = name.split(" ", -1);
    return ROWS * Integer.parseInt(words[0]) + Integer.parseInt(words[2]);
  }

  /** Returns the tile of a number. */
  static Tile of(double code) {
    int number = (int) code;
    return new Tile(number == 0 ? "" : number / ROWS + " x " + number % ROWS);
  }
}
