/**
 * What the steps of a tokenizer need to know about characters.
 *
 * <p>The reference, Hugging Face {@code tokenizers} 0.23.2, takes each table from another place,
 * and so of another Unicode version. A model was trained with exactly these, so Kumiko follows
 * them:
 *
 * <table>
 * <caption>Unicode versions</caption>
 * <tr><th>what</th><th>reference</th><th>here</th></tr>
 * <tr><td>{@code BertNormalizer}, {@code BertPreTokenizer}, {@code Punctuation}</td><td>8</td>
 *     <td>tables in {@link dev.kumiko.tokenize.unicode.CharacterClasses}</td></tr>
 * <tr><td>NFC, NFD, NFKC, NFKD, {@code StripAccents}</td><td>9</td>
 *     <td>JDK without what came later</td></tr>
 * <tr><td>regular expressions, {@code ByteLevel}, {@code Whitespace}</td><td>16</td>
 *     <td>JDK 25, which has Unicode 16</td></tr>
 * <tr><td>lower case, {@code Digits}</td><td>17</td><td>JDK and what it lacks</td></tr>
 * <tr><td>grapheme clusters of {@code Precompiled}</td><td>17</td>
 *     <td>tables in {@code GraphemeClasses}</td></tr>
 * </table>
 *
 * <p>On a JDK with a newer Unicode version, texts with characters that came with it may be split
 * differently.
 */
package dev.kumiko.tokenize.unicode;
