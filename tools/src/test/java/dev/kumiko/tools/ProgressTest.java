package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void saysHowFastAndHowLongIfTheTotalIsKnown() {
    assertEquals("1,500 texts, 300 a second", Progress.line(1500, 5, OptionalDouble.empty()));
    assertEquals(
        "1,500 texts, 300 a second, 4%, 2:00 left",
        Progress.line(1500, 5, OptionalDouble.of(0.04)));
  }

  @Test
  void aTerminalIsToldThatItIsReadFrom() {
    byte[] input = {'a', '\n'};
    Outcome outcome =
        Outcome.of(
            new ByteArrayInputStream(input),
            new Terminals(true, true, true),
            "tokenize",
            "-m",
            SmallModel.path());
    assertTrue(outcome.err.contains("reading texts from the terminal"), outcome.err);
    assertEquals(0, outcome.code);
  }
}
