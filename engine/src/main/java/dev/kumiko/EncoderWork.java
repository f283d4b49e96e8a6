package dev.kumiko;

import dev.kumiko.encode.Workspace;
import dev.kumiko.tokenize.Encoding;

/** The inputs of one call, and what becomes of their token vectors. */
abstract class EncoderWork {
  /** Takes the tokens of an input, which may be several pieces, in their order. */
  interface Pieces {
    /** Adds a piece; the receiver is called once, by the thread that adds. */
    void add(Encoding encoding, Receiver receiver);
  }

  /** Takes the token vectors of a piece. */
  interface Receiver {
    /**
     * Takes the vectors before the workspace is used for others.
     *
     * @param w its {@code hidden()} has them
     * @param firstRow where they begin
     * @param tokens their number, 0 if the piece became no token
     */
    void take(Workspace w, int firstRow, int tokens);
  }

  /** Returns the number of inputs. */
  abstract int inputs();

  /** Returns about how many characters an input has. */
  abstract int length(int input);

  /** Returns the most tokens of a piece. */
  abstract int maxTokens();

  /** Some inputs are done, and the thread that did them holds nothing others wait for. */
  void handedOut() {}

  /** Tokenises an input. Every input is asked for once, different ones by different threads. */
  abstract void tokenize(int input, Pieces pieces);
}
