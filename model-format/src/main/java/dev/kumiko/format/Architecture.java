package dev.kumiko.format;

import java.util.Optional;

/**
 * The sizes and choices that, with the tensors, make up an encoder.
 *
 * @param family name of the model family, for people, such as {@code bert}
 * @param layers number of encoder layers
 * @param hiddenSize length of a token vector
 * @param attentionHeads number of attention heads, those of the queries
 * @param intermediateSize width of the feed-forward block
 * @param activation activation of the feed-forward block
 * @param layerNormEpsilon added to the variance in every LayerNorm
 * @param vocabularySize rows of the token table
 * @param positions rows of the position table; without one the longest input in tokens
 * @param tokenTypes rows of the token type table, 0 if there is none
 * @param layout which parts the encoder is composed of
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
    Layout layout,
    Optional<Int8Activations> int8Activations) {

  /** The most layers a description may ask for, so that a damaged number is noticed. */
  public static final int MAX_LAYERS = 1000;

  /** The most positions without a table, so that a damaged number is noticed. */
  public static final int MAX_POSITIONS_WITHOUT_TABLE = 1 << 20;

  /**
   * An encoder with fp32 activations.
   *
   * @param family the name of the family, such as {@code bert}
   * @param layers the number of layers
   * @param hiddenSize D
   * @param attentionHeads H
   * @param intermediateSize F, the width of the feed-forward block
   * @param activation between its two halves
   * @param layerNormEpsilon what norms add to the variance
   * @param vocabularySize V
   * @param positions how many rows the table of positions has
   * @param tokenTypes the number of token types
   * @param layout which parts there are, and where
   */
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
      int tokenTypes,
      Layout layout) {
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
        layout,
        Optional.empty());
  }

  /**
   * An encoder with the layout of BERT and fp32 activations.
   *
   * @param family the name of the family, such as {@code bert}
   * @param layers the number of layers
   * @param hiddenSize D
   * @param attentionHeads H
   * @param intermediateSize F, the width of the feed-forward block
   * @param activation between its two halves
   * @param layerNormEpsilon what norms add to the variance
   * @param vocabularySize V
   * @param positions how many rows the table of positions has
   * @param tokenTypes the number of token types
   */
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
        Layout.BERT);
  }

  /**
   * {@return the same with another activation}
   *
   * @param other the other one
   */
  public Architecture withActivation(Activation other) {
    return new Architecture(
        family,
        layers,
        hiddenSize,
        attentionHeads,
        intermediateSize,
        other,
        layerNormEpsilon,
        vocabularySize,
        positions,
        tokenTypes,
        layout,
        int8Activations);
  }

  /**
   * {@return the same with another number of layers, and the layout that goes with them}
   *
   * @param count how many
   * @param other the other one
   */
  public Architecture withLayers(int count, Layout other) {
    return new Architecture(
        family,
        count,
        hiddenSize,
        attentionHeads,
        intermediateSize,
        activation,
        layerNormEpsilon,
        vocabularySize,
        positions,
        tokenTypes,
        other,
        int8Activations);
  }

  /**
   * {@return the same with quantised activations}
   *
   * @param activations how they are quantised
   */
  public Architecture withInt8Activations(Int8Activations activations) {
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
        layout,
        Optional.of(activations));
  }

  /** {@return the length of one attention head} */
  public int headSize() {
    int stated = layout.attention().headSize();
    return stated > 0 ? stated : hiddenSize / attentionHeads;
  }

  /** {@return the number of heads of keys, and of values} */
  public int keyHeads() {
    int stated = layout.attention().keyHeads();
    return stated > 0 ? stated : attentionHeads;
  }

  /** {@return the length of all queries of a token: of what attention gathers} */
  public int queryWidth() {
    return Math.multiplyExact(attentionHeads, headSize());
  }

  /** {@return the length of all keys of a token, or of all values} */
  public int keyWidth() {
    return Math.multiplyExact(keyHeads(), headSize());
  }

  /** {@return the largest number of tokens that there are positions for} */
  public int longestInput() {
    return layout.position().longestInput(positions);
  }
}
