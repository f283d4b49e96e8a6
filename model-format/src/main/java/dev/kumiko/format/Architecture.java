package dev.kumiko.format;

import java.util.Optional;

/**
 * The sizes and choices that, with the tensors, make up an encoder.
 *
 * @param family the model family, {@code "bert"}: post-LayerNorm, learned positions, token types
 * @param layers number of encoder layers
 * @param hiddenSize length of a token vector
 * @param attentionHeads number of attention heads; divides {@code hiddenSize}
 * @param intermediateSize width of the feed-forward block
 * @param activation activation of the feed-forward block
 * @param layerNormEpsilon added to the variance in every LayerNorm
 * @param vocabularySize rows of the token table
 * @param positions rows of the position table, the longest input in tokens
 * @param tokenTypes rows of the token type table
 * @param int8Activations how the inputs of the layers' linear maps are quantised; empty if they are
 *     fp32
 */
public record Architecture(
    String family,
    int layers,
    int hiddenSize,
    int attentionHeads,
    int intermediateSize,
    Activation activation,
    double layerNormEpsilon,
    int vocabularySize,
    int positions,
    int tokenTypes,
    Optional<Int8Activations> int8Activations) {

  /** The family of BERT, the only one so far. */
  public static final String BERT = "bert";

  /** The most layers a description may ask for, so that a damaged number is noticed. */
  public static final int MAX_LAYERS = 1000;

  /** An architecture with fp32 activations. */
  public Architecture(
      String family,
      int layers,
      int hiddenSize,
      int attentionHeads,
      int intermediateSize,
      Activation activation,
      double layerNormEpsilon,
      int vocabularySize,
      int positions,
      int tokenTypes) {
    this(
        family,
        layers,
        hiddenSize,
        attentionHeads,
        intermediateSize,
        activation,
        layerNormEpsilon,
        vocabularySize,
        positions,
        tokenTypes,
        Optional.empty());
  }

  /** Returns this architecture with other activations. */
  public Architecture with(Int8Activations activations) {
    return new Architecture(
        family,
        layers,
        hiddenSize,
        attentionHeads,
        intermediateSize,
        activation,
        layerNormEpsilon,
        vocabularySize,
        positions,
        tokenTypes,
        Optional.of(activations));
  }
}
