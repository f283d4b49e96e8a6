package dev.kumiko.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import org.junit.jupiter.api.Test;

/** What a file holds cannot break a message. */
class ModelFormatExceptionTest {
  @Test
  void isOneLine() {
    String message = new ModelFormatException("token \"a\r\nb\u0007\ud800\" 木 😀").getMessage();
    assertEquals("token \"a\\u000d\\u000ab\\u0007\\ud800\" 木 😀", message);
  }

  @Test
  void hasAnEnd() {
    String message = new ModelFormatException("x".repeat(1_000_000)).getMessage();
    assertTrue(message.endsWith("x... (1000000 characters)"), message.substring(1400));
    assertEquals(1500 + "... (1000000 characters)".length(), message.length());
    String controls = new ModelFormatException("\0".repeat(1_000_000)).getMessage();
    assertTrue(controls.length() < 1600, controls.length() + " characters");
  }
}
