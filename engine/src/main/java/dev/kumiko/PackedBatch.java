package dev.kumiko;

import dev.kumiko.encode.Workspace;
import dev.kumiko.tokenize.Encoding;
import java.util.ArrayList;
import java.util.List;

/**
 * Pieces of inputs that are encoded together: the tokens of one after those of another. Pieces
 * without tokens, such as of an empty text where the model has no special tokens, have no rows.
 */
final class PackedBatch {
  private final List<Encoding> encodings = new ArrayList<>();
  private final List<EncoderWork.Receiver> receivers = new ArrayList<>();
  private int rows;

  /** Returns the number of tokens. */
  int rows() {
    return rows;
  }

  boolean isEmpty() {
    return encodings.isEmpty();
  }

  /** Returns whether there is room for a piece among so many rows; a single one may have more. */
  boolean takes(Encoding encoding, int most) {
    boolean fits = rows + encoding.length() <= most && encodings.size() < most;
    return fits || encodings.isEmpty();
  }

  void add(Encoding encoding, EncoderWork.Receiver receiver) {
    encodings.add(encoding);
    receivers.add(receiver);
    rows += encoding.length();
  }

  /** Puts the tokens into a workspace without texts. */
  void fill(Workspace w) {
    for (Encoding encoding : encodings) {
      if (encoding.length() > 0) {
        w.texts().add(encoding.ids(), encoding.firstLength());
      }
    }
  }

  /** Hands the token vectors to their receivers. */
  void handOut(Workspace w) {
    int row = 0;
    for (int i = 0; i < receivers.size(); i++) {
      int tokens = encodings.get(i).length();
      receivers.get(i).take(w, row, tokens);
      row += tokens;
    }
  }
}
