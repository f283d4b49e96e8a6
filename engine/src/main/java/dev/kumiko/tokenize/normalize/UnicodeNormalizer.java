package dev.kumiko.tokenize.normalize;

import dev.kumiko.tokenize.Alignment;
import dev.kumiko.tokenize.unicode.CodePointRanges;
import java.text.Normalizer.Form;

/**
 * Brings a text into a normalisation form, by the tables of Unicode 9 that the reference has.
 * Unicode keeps the normalisation of old characters stable, so it is enough to leave alone those
 * that came later.
 */
final class UnicodeNormalizer implements Normalizer {
  /**
   * Characters beyond Unicode 9 that decompose, compose or have a combining class in the JDK's
   * Unicode 16. To the reference they are unassigned: nothing changes them or moves across them.
   */
  private static final CodePointRanges LATER =
      new CodePointRanges(
          """
          7FD 897-89F 8CA-8D3 9FE C3C D3B-D3C EBA 1715 1ABF-1ACE 1DF6-1DFA 32FF A7F2-A7F4 A82C
          AB69 105C9 105D2 105DA 105E4 10781-10785 10787-107B0 107B2-107BA 10D24-10D27 10D69-10D6D
          10EAB-10EAC 10EFD-10EFF 10F46-10F50 10F82-10F85 11070 1133B 11382-11385 1138B 1138E
          11390-11391 113B8 113BB 113C2 113C5 113C7-113C9 113CE-113D0 1145E 11839-1183A 11930
          11935 11938 1193D-1193E 11943 119E0 11A34 11A47 11A99 11D42 11D44-11D45 11D97
          11F41-11F42 1611E-16129 1612F 16D63 16D67-16D6A 16FF0-16FF1 1CCD6-1CCF9 1E030-1E06D
          1E08F 1E130-1E136 1E2AE 1E2EC-1E2EF 1E4EC-1E4EF 1E5EE-1E5EF 1F16C 1FBF0-1FBF9
          """);

  private static final int FIRST_LATER = 0x7FD;

  private final Form form;

  UnicodeNormalizer(Form form) {
    this.form = form;
  }

  @Override
  public String normalize(String text, Alignment alignment) {
    int length = text.length();
    Changes changes = Changes.to(alignment);
    int done = 0;
    StringBuilder result = null;
    for (int i = 0; i < length; ) {
      int codePoint = text.codePointAt(i);
      int next = i + Character.charCount(codePoint);
      if (codePoint >= FIRST_LATER && LATER.contains(codePoint)) {
        result = result == null ? new StringBuilder(length) : result;
        result.append(normalize(text.substring(done, i), changes));
        result.appendCodePoint(codePoint);
        changes.add(codePoint, 0);
        done = next;
      }
      i = next;
    }
    String rest = normalize(text.substring(done), changes);
    changes.finish(text);
    return result == null ? rest : result.append(rest).toString();
  }

  private String normalize(String part, Changes changes) {
    String result = java.text.Normalizer.normalize(part, form);
    if (changes.isKept()) {
      new UnicodeChanges(form, changes).add(part, result);
    }
    return result;
  }
}
