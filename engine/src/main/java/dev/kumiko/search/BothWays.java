package dev.kumiko.search;

/**
 * Neighbours of two sets in each other.
 *
 * @param forward those of the first set's vectors among the second's
 * @param backward those of the second set's vectors among the first's
 */
public record BothWays(Neighbours forward, Neighbours backward) {}
