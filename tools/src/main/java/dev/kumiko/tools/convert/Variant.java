package dev.kumiko.tools.convert;

import dev.kumiko.format.Activation;
import dev.kumiko.format.HeadActivation;
import dev.kumiko.tools.convert.tokenizer.OriginalLealla;
import dev.kumiko.tools.convert.tokenizer.TokenizerJson;

/** How a bare BERT makes a text's vector, where its folder does not state it. */
public enum Variant {
  /**
   * As the ports of LEALLA to Hugging Face: {@code tanh(W x + b)} of the first token, normalised.
   */
  LEALLA(HeadActivation.TANH),
  /**
   * As the original LEALLA (Mao and Nakagawa, arXiv 2302.08387): GELU in its tanh approximation in
   * the layers and, in place of tanh, in the pooler; at most 128 tokens, those of its own
   * tokenizer.
   */
  LEALLA_ORIGINAL(HeadActivation.GELU_TANH);

  private final HeadActivation pooler;

  Variant(HeadActivation pooler) {
    this.pooler = pooler;
  }

  /** Returns the activation of the pooler. */
  public HeadActivation pooler() {
    return pooler;
  }

  /** Returns the activation of the layers, for the one that the folder states. */
  public Activation activation(Activation stated) {
    return this == LEALLA_ORIGINAL ? Activation.GELU_TANH : stated;
  }

  /**
   * Returns the tokenizer, for the one that the folder has.
   *
   * @param label what messages call the source
   * @throws ConversionException if the folder's is of another kind
   */
  public TokenizerJson.Tokenizer tokenizer(TokenizerJson.Tokenizer stated, String label)
      throws ConversionException {
    return this == LEALLA_ORIGINAL ? OriginalLealla.of(stated, label) : stated;
  }

  /** Returns the longest input in tokens, for the one that the folder states. */
  public int maxTokens(int stated) {
    return this == LEALLA_ORIGINAL ? Math.min(stated, 128) : stated;
  }
}
