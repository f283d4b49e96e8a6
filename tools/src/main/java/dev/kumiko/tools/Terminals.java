package dev.kumiko.tools;

import java.util.List;

/**
 * Which standard streams are connected to a terminal.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 */
record Terminals(boolean in, boolean out, boolean err) {
  /** Set by the launcher to names such as {@code in,err}; Java cannot ask for standard error. */
  private static final String PROPERTY = "kumiko.terminals";

  static final Terminals NONE = new Terminals(false, false, false);

  /** Believes the launcher; without it, nothing is a terminal. */
  static Terminals find() {
    List<String> names = List.of(System.getProperty(PROPERTY, "").split(",", -1));
    return new Terminals(names.contains("in"), names.contains("out"), names.contains("err"));
  }
}
