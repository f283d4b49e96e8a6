package dev.kumiko.kernel.machine;

import java.util.HexFormat;
import java.util.List;

/**
 * One assembled function.
 *
 * @param code its bytes, not to be changed
 * @param lines its instructions and labels in order
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Program(String name, byte[] code, List<Assembler.Line> lines) {
  /** Returns what the GNU assembler makes the same bytes of, with these and their places. */
  String listing() {
    HexFormat hex = HexFormat.ofDelimiter(" ");
    StringBuilder text = new StringBuilder(".intel_syntax noprefix\n");
    for (Assembler.Line line : lines) {
      String bytes = hex.formatHex(code, line.offset(), line.offset() + line.length());
      text.append(
          line.length() == 0
              ? line.text() + "\n"
              : "%-52s # %5x: %s\n".formatted(line.text(), line.offset(), bytes));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
