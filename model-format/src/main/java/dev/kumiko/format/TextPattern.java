package dev.kumiko.format;

/**
 * What is looked for in a text.
 *
 * @param regex whether {@code text} is a regular expression; otherwise it stands for itself
 * @param text the pattern, not empty
 */
public record TextPattern(boolean regex, String text) {}
