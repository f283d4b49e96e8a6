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
}
