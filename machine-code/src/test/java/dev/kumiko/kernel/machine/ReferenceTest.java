package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kumiko.kernel.machine.Operand.Address;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes of the GNU assembler, which {@code machine-code/reference/assemble.sh} has stored. */
class ReferenceTest {
  /** One instruction after the other, so that the first wrong one is named. */
  @ParameterizedTest
  @MethodSource("dev.kumiko.kernel.machine.Forms#programs")
  void everyInstructionHasTheBytesOfTheReference(Program program) throws IOException {
    byte[] reference = read(program.name());
    HexFormat hex = HexFormat.ofDelimiter(" ");
    byte[] code = program.code();
    int end = 0;
    for (Assembler.Line line : program.lines()) {
      assertEquals(end, line.offset(), line.text());
      end = line.offset() + line.length();
      if (!Arrays.equals(reference, line.offset(), end, code, line.offset(), end)) {
        assertEquals(
            hex.formatHex(reference, line.offset(), end),
            hex.formatHex(code, line.offset(), end),
            line.text());
      }
    }
    assertArrayEquals(reference, code);
  }

  private static byte[] read(String name) throws IOException {
    try (InputStream in = ReferenceTest.class.getResourceAsStream(name + ".bin.gz")) {
      return new GZIPInputStream(in).readAllBytes();
    }
  }

  @Test
  void allInstructionsOfTheKernelsAreAmongTheForms() {
    String forms = mnemonics(Forms.all());
    for (Program program : Forms.programs()) {
      for (String mnemonic : mnemonics(program).split(" ", -1)) {
        assertEquals(true, (" " + forms + " ").contains(" " + mnemonic + " "), mnemonic);
      }
    }
  }

  private static String mnemonics(Program program) {
    StringBuilder names = new StringBuilder();
    for (Assembler.Line line : program.lines()) {
      if (line.length() > 0) {
        String text = line.text().replaceFirst("^\\{\\w+} ", "");
        names.append(text.split(" ", -1)[0].toLowerCase(Locale.ROOT)).append(' ');
      }
    }
    return names.toString().strip();
  }

  @Test
  void whatCannotBeEncodedIsRefused() {
    Assembler code = new Assembler();
    code.label("here");
    assertThrows(IllegalStateException.class, () -> code.label("here"));
    assertThrows(IllegalArgumentException.class, () -> code.compare(Register.RAX, 128));
    Address address = new Address(Register.RAX, Register.RSP, 1, 0);
    assertThrows(IllegalArgumentException.class, () -> code.lea(Register.RAX, address));
    code.jump(Assembler.Condition.BELOW, "nowhere");
    assertThrows(IllegalStateException.class, () -> code.program("p"));
  }
}
