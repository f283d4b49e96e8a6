package dev.kumiko.kernel;

/**
 * Kernels of another module for layers with quantised input.
 *
 * @param name such as {@code "machine"}
 * @param vectorBits width of the registers they use
 * @param tile rows and vectors of a product that they compute at a time
 * @param missing why they will never compute; empty if they may
 * @param pending what they still wait for; empty if they compute
 */
public record QuantizedLevel(
    String name, int vectorBits, String tile, String missing, String pending) {}
