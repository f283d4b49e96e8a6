package dev.kumiko.tokenize.unicode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every code point against TensorFlow's ICU and RE2. */
class ScriptClassesTest {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\p{IsWhite_Space}");

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  @Test
  void scriptsAreIcus() {
    Map<Integer, Integer> numbers = new HashMap<>();
    Map<Integer, Integer> back = new HashMap<>();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (!isSurrogate(c)) {
        int script = ScriptClasses.script(ScriptClasses.of(c));
        int icu = TensorFlowCharacters.script(c);
        assertEquals(numbers.computeIfAbsent(icu, key -> script), script, Integer.toHexString(c));
        assertEquals(back.computeIfAbsent(script, key -> icu), icu, Integer.toHexString(c));
        boolean han = icu == TensorFlowCharacters.HAN;
        assertEquals(han, ScriptClasses.isHan(ScriptClasses.of(c)), Integer.toHexString(c));
      }
    }
    assertEquals(157, numbers.size());
  }

  @Test
  void kindsAreThoseOfRegularExpressions() {
    int controls = 0;
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (!isSurrogate(c)) {
        int kind = ScriptClasses.of(c);
        String what = Integer.toHexString(c);
        assertEquals(TensorFlowCharacters.isControl(c), ScriptClasses.isControl(kind), what);
        assertEquals(
            TensorFlowCharacters.isPunctuation(c), ScriptClasses.isPunctuation(kind), what);
        assertEquals(TensorFlowCharacters.isEmoji(c), ScriptClasses.isEmoji(kind), what);
        controls += ScriptClasses.isControl(kind) ? 1 : 0;
      }
    }
    assertEquals(235, controls);
  }

  @Test
  void whiteSpaceIsUnicodes() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      boolean expected = WHITE_SPACE.matcher(Character.toString(c)).matches();
      assertEquals(expected, ScriptClasses.isWhiteSpace(ScriptClasses.of(c)), "" + c);
    }
  }

  @Test
  void digitsAreNoEmojiAndMarksHaveAScriptOfTheirOwn() {
    assertFalse(ScriptClasses.isEmoji(ScriptClasses.of('5')));
    assertTrue(ScriptClasses.isEmoji(ScriptClasses.of(0x1F642)));
    assertNotEquals(
        ScriptClasses.script(ScriptClasses.of('e')), ScriptClasses.script(ScriptClasses.of(0x301)));
    assertEquals(
        ScriptClasses.script(ScriptClasses.of(' ')), ScriptClasses.script(ScriptClasses.of('5')));
  }
}
