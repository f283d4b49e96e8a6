package dev.kumiko.train.part;

import dev.kumiko.kernel.Kernels;
import dev.kumiko.train.kernel.GradientKernels;
import dev.kumiko.train.parallel.Threads;

/**
 * What parts compute with.
 *
 * @param kernels of the forward pass, and of the products of the backward pass
 * @param gradients of the backward pass
 * @param threads that share the work
 * @param pool of the arrays that parts hand one another
 */
public record Compute(
    Kernels kernels, GradientKernels gradients, Threads threads, FloatPool pool) {}
