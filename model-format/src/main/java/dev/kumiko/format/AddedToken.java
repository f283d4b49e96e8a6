package dev.kumiko.format;

/**
 * A token that is recognised in the text itself, before the text is split into words. The flags
 * mean what they mean in {@code tokenizer.json}.
 *
 * @param id the token's id
 * @param content the text that stands for the token
 * @param singleWord only matched when no word character is next to it
 * @param lstrip takes the white space before it along
 * @param rstrip takes the white space after it along
 * @param normalized matched in the normalised text instead of the raw one
 * @param special a control token such as {@code [CLS]}
 */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean lstrip,
    boolean rstrip,
    boolean normalized,
    boolean special) {}
