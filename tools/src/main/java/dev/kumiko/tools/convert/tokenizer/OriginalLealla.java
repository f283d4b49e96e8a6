package dev.kumiko.tools.convert.tokenizer;

import dev.kumiko.format.NormalizerStep;
import dev.kumiko.format.SplitStep;
import dev.kumiko.format.TokenModel;
import dev.kumiko.format.TokenModel.LengthUnit;
import dev.kumiko.format.TokenizerDescription;
import dev.kumiko.tools.convert.ConversionException;
import java.util.List;
import java.util.Locale;

/**
 * The tokenizer of the original LEALLA, which is part of its TensorFlow graph: the vocabulary and
 * the special tokens of the port to Hugging Face, but other words.
 *
 * <p>Nothing is looked for in the text before it is split, so that a typed {@code [CLS]} is text.
 */
public final class OriginalLealla {
  /** The default of TensorFlow Text's WordpieceTokenizer. */
  private static final int LONGEST_WORD = 100;

  private OriginalLealla() {}

  /**
   * Returns a port's tokenizer as the graph has it.
   *
   * @param label what messages call the source
   * @throws ConversionException if it is none of this vocabulary: no WordPiece, or not cased
   */
  public static TokenizerJson.Tokenizer of(TokenizerJson.Tokenizer port, String label)
      throws ConversionException {
    TokenizerDescription description = port.description();
    if (!(description.model() instanceof TokenModel.WordPiece wordPiece)) {
      throw new ConversionException(
          "%s has a %s tokenizer; that of the original LEALLA is WordPiece: leave --variant out."
              .formatted(
                  label, description.model().getClass().getSimpleName().toLowerCase(Locale.ROOT)));
    }
    if (port.lowerCases()) {
      throw new ConversionException(
          label
              + " lower-cases texts, which the original LEALLA does not: its vocabulary is another"
              + " one, leave --variant out.");
    }
    return new TokenizerJson.Tokenizer(
        new TokenizerDescription(
            List.of(NormalizerStep.Simple.DROP_CONTROLS),
            List.of(SplitStep.Simple.SCRIPT, SplitStep.Simple.CHARACTERS),
            new TokenModel.WordPiece(
                wordPiece.continuingPrefix(),
                LONGEST_WORD,
                LengthUnit.BYTES,
                wordPiece.unknownId()),
            description.specialTokens(),
            List.of()),
        port.tables());
  }
}
