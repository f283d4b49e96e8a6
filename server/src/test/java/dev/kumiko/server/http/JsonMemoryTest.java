package dev.kumiko.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.kumiko.format.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much memory a body takes. */
class JsonMemoryTest {
  private static final int ITEMS = 100_000;

  private static long values(String json) {
    return JsonMemory.ofValues(json.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "7|0",
        "[1,2,3]|3",
        "{\"a\":[1],\"b\":{}}|4",
        "[\"a,b[c{d\",1]|2",
        "[\"a\\\",b\",1]|2",
        "[\"a\\\\\",1]|2",
        "\"[[[[|0"
      })
  void valuesAreCountedAndTextsAreNot(String json, long expected) {
    assertEquals(100 * expected, values(json), json);
  }

  /** All that reading allocates, though not all of it is held at a time, is about what is said. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "-1.5", "{}", "[]", "\"\"", "null", "\"a purlin\"", "{\"a\":1}"})
  void readingTakesNoMore(String item) throws IOException {
    String json = "[" + (item + ",").repeat(ITEMS) + item + "]";
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    Json.parse("warm-up", "[1]");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Json parsed = Json.parse("the body", utf8);
    int items = parsed.items().size();
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(ITEMS + 1, items);
    long said = values(json) + (long) JsonMemory.OF_BYTE * utf8.length;
    assertTrue(taken <= 1.5 * said, "%s: %,d bytes said, %,d taken".formatted(item, said, taken));
    assertTrue(said <= 8 * taken, "%s: %,d bytes said, %,d taken".formatted(item, said, taken));
  }

  @Test
  void oneLongTextTakesNoMore() throws IOException {
    byte[] utf8 = ("\"" + "\u00e9".repeat(1_000_000) + "\"").getBytes(StandardCharsets.UTF_8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    int length = Json.parse("the body", utf8).asString().length();
    long taken = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(1_000_000, length);
    long said = (long) JsonMemory.OF_BYTE * utf8.length;
    assertTrue(taken <= said, "%,d bytes said, %,d taken".formatted(said, taken));
  }
}
