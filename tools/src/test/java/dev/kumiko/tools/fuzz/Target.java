package dev.kumiko.tools.fuzz;

import java.io.IOException;
import java.util.List;

/** Something that reads what others wrote. */
public interface Target {
  /** Returns the name of the folder that has its former findings, and of its report. */
  String name();

  /** Returns inputs to begin with, most of them valid. */
  List<byte[]> seeds() throws IOException;

  /**
   * Reads an input.
   *
   * @throws IOException the parser's refusal, with a message of its own; whatever else is thrown is
   *     a finding
   */
  void read(byte[] input) throws IOException;
}
