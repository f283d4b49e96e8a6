package dev.kumiko.train.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The gradient of a loss with respect to what a pass computed: the texts' vectors, token vectors on
 * their way, or both. Arrays are neither copied nor changed.
 */
public final class OutputGradients {
  private final Optional<float[]> vectors;
  private final Map<Integer, float[]> hidden = new LinkedHashMap<>();

  private OutputGradients(Optional<float[]> vectors) {
    this.vectors = vectors;
  }

  /**
   * Of the texts' vectors.
   *
   * @param gradient {@code [texts][dimension]}
   */
  public static OutputGradients ofVectors(float[] gradient) {
    return new OutputGradients(Optional.of(gradient));
  }

  /**
   * Of the token vectors after a layer, as {@link Pass#hidden} returns them.
   *
   * @param layer from 0, the embeddings, to the number of layers
   * @param gradient {@code [rows][hidden]}
   */
  public static OutputGradients ofHidden(int layer, float[] gradient) {
    return new OutputGradients(Optional.empty()).andHidden(layer, gradient);
  }

  /**
   * Adds that of the token vectors after a layer.
   *
   * @return this
   */
  public OutputGradients andHidden(int layer, float[] gradient) {
    if (hidden.put(layer, gradient) != null) {
      throw new IllegalArgumentException("layer %d has a gradient already".formatted(layer));
    }
    return this;
  }

  Optional<float[]> vectors() {
    return vectors;
  }

  Map<Integer, float[]> hidden() {
    return hidden;
  }
}
