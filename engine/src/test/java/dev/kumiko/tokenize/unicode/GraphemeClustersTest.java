package dev.kumiko.tokenize.unicode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of UAX 29, one after another. Cases from its GraphemeBreakTest.txt and of our own. */
class GraphemeClustersTest {
  private static void assertClusters(String... clusters) {
    String text = String.join("", clusters);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      int end = GraphemeClusters.end(text, i);
      found.add(text.substring(i, end));
      i = end;
    }
    assertEquals(List.of(clusters), found);
  }

  @Test
  void controlsStandAlone() {
    assertClusters("a", "\r\n", "\n", "\r", "b");
    assertClusters("\n", "\u0308");
    assertClusters("a", "\u0001", "\u0300");
    assertClusters("\u00AD", "\u0301");
    assertClusters("a", "\uDB40\uDCC1", "\u0344\u0350");
    assertClusters("\u0000", "\u0301");
  }

  @Test
  void marksBelongToWhatIsBeforeThem() {
    assertClusters("e\u0301\u0327", "x");
    assertClusters("\u0301", "a");
    assertClusters("\u0BA8\u0BBF", "\u0BA8");
    assertClusters("a\u200D", "b\u200C");
    assertClusters("\u1ACF", "a\u1ACF");
  }

  @Test
  void prependedOnesBelongToWhatIsBehindThem() {
    assertClusters("\u0600\u0661", "a");
    assertClusters("a", "\u0600b");
    assertClusters("\u0600", "\n");
  }

  @Test
  void hangulSyllablesStayWhole() {
    assertClusters("\u1100\u1161\u11A8", "\u1100\u1100\uAC00\u1161\u11A8\u0301");
    assertClusters("\uAC01\u11A8", "\u1161");
    assertClusters("\uAC00\u11A8\u11A8", "\uAC01", "\u1100");
  }

  @Test
  void conjunctsStayWhole() {
    assertClusters("\u0915\u094D\u0937\u0301", "\u0915", "\u0937");
    assertClusters("\u0915\u094D\u200D\u0937");
    assertClusters("\u0915\u094D\u200C", "\u0937");
    assertClusters("\u0915\u0903\u094D", "\u0937");
    assertClusters("\u0915\u0308\u200D\u094D\u0924", "a\u094D", "\u0924");
    assertClusters("\u1000\u1039\u1001");
  }

  @Test
  void emojiSequencesStayWhole() {
    assertClusters("\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", "\uD83D\uDE42");
    assertClusters("\u2603\u0308\u200D\u2122\u200D\u2603", "a");
    assertClusters("a\u200D", "\u2122");
  }

  @Test
  void flagsArePairs() {
    String j = "\uD83C\uDDEF";
    String p = "\uD83C\uDDF5";
    assertClusters(j + p, j + p, j, "a");
  }
}
