package dev.kumiko.tokenize.unicode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * What TensorFlow's ops say of every code point, as {@code reference.py} beside the data asked
 * them.
 */
public final class TensorFlowCharacters {
  /** USCRIPT_HAN. */
  public static final int HAN = 17;

  /** USCRIPT_UNKNOWN. */
  public static final int UNKNOWN = 103;

  private static final int[] SCRIPTS = new int[Character.MAX_CODE_POINT + 1];
  private static final int[] KINDS = new int[Character.MAX_CODE_POINT + 1];

  static {
    String name = "/dev/kumiko/tokenize/lealla/tensorflow-characters.txt.gz";
    try (var in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(TensorFlowCharacters.class.getResourceAsStream(name)),
                StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split(" ", -1);
        int from = Integer.parseInt(parts[0], 16);
        Arrays.fill(SCRIPTS, from, SCRIPTS.length, Integer.parseInt(parts[1]));
        Arrays.fill(KINDS, from, KINDS.length, Integer.parseInt(parts[2]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TensorFlowCharacters() {}

  /** ICU's number of the script. */
  public static int script(int codePoint) {
    return SCRIPTS[codePoint];
  }

  public static boolean isControl(int codePoint) {
    return (KINDS[codePoint] & 1) != 0;
  }

  public static boolean isPunctuation(int codePoint) {
    return (KINDS[codePoint] & 2) != 0;
  }

  public static boolean isEmoji(int codePoint) {
    return (KINDS[codePoint] & 4) != 0;
  }
}
