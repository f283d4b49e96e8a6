package dev.kumiko.server.batch;

import java.util.List;

/**
 * One way to compute. Inputs of computations that are equal are computed together, whoever asked.
 *
 * @param <I> what is computed on
 * @param <O> what becomes of one input
 */
public interface Computation<I, O> {
  /**
   * Computes, on a thread of the pool.
   *
   * @param inputs at least one
   * @return one result for each input, in the same order
   */
  List<O> compute(List<I> inputs);

  /**
   * Returns about what an input costs.
   *
   * @param input one input
   * @return about how many tokens it has, at least 1
   */
  int cost(I input);

  /**
   * Returns whether a result is all that its job needs to know, so that the inputs that have not
   * begun are not computed.
   *
   * @param result of one input
   * @return no, unless it is said otherwise
   */
  default boolean endsJob(O result) {
    return false;
  }

  /**
   * Returns about how much memory a result takes.
   *
   * @param input one input
   * @return in bytes; for a few numbers unless it is said otherwise
   */
  default long resultBytes(I input) {
    return 64;
  }
}
