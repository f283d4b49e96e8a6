package dev.kumiko.tools.convert.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Hugging Face tokenizers answered for random texts; {@code reference.py} asked it. */
class RandomTextsTest {
  static List<String> tokenizers() {
    return Resources.all();
  }

  @ParameterizedTest
  @MethodSource("tokenizers")
  void textsAndCutPairsBecomeTheSameIds(String name) throws IOException {
    Tokenizer tokenizer = Resources.tokenizer(name);
    List<Resources.Text> texts = Resources.texts();
    assertEquals(2000, texts.size());
    try (var sums = new DataInputStream(Resources.open("tokenizers/" + name + ".crc"))) {
      for (Resources.Text text : texts) {
        int[] ids = tokenizer.encode(text.text(), Integer.MAX_VALUE).ids();
        assertEquals(sums.readInt(), sum(ids), () -> text + " " + Arrays.toString(ids));
      }
      String before = texts.getLast().text();
      for (Resources.Text text : texts) {
        Encoding pair = tokenizer.encodePair(before, text.text(), text.limit());
        String failure = before + " + " + text + " " + Arrays.toString(pair.ids());
        assertEquals(sums.readInt(), sum(pair.ids(), pair.typeIds()), failure);
        before = text.text();
      }
      assertEquals(-1, sums.read());
    }
  }

  private static int sum(int[]... lists) {
    CRC32 sum = new CRC32();
    for (int[] list : lists) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (list.length + 1));
      bytes.putInt(list.length);
      for (int value : list) {
        bytes.putInt(value);
      }
      sum.update(bytes.array());
    }
    return (int) sum.getValue();
  }
}
