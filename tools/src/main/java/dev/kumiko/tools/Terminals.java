package dev.kumiko.tools;

import java.io.Console;

/**
 * Which standard streams are connected to a terminal.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 */
record Terminals(boolean in, boolean out, boolean err) {
  /** Set by the launcher, because Java itself cannot ask for standard error. */
  private static final String PROPERTY = "kumiko.terminals";

  static final Terminals NONE = new Terminals(false, false, false);

  /** Asks the launcher's property, or Java if there is none. */
  static Terminals find() {
    String names = System.getProperty(PROPERTY);
    if (names != null) {
      return new Terminals(names.contains("in"), names.contains("out"), names.contains("err"));
    }
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new Terminals(terminal, terminal, terminal);
  }
}
