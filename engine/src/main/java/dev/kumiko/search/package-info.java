/**
 * Exact search over vectors in float, int8 and binary: nearest neighbours, translations in two sets
 * of sentences, near-duplicates. Start with {@link dev.kumiko.search.ExactSearch}.
 */
package dev.kumiko.search;
