/**
 * Splits long texts into chunks that an embedder takes whole. Start with {@link
 * dev.kumiko.chunk.TextSplitter}.
 */
package dev.kumiko.chunk;
