package dev.kumiko.format;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.model.Similarity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything about a model that is not a tensor.
 *
 * @param name name for people, such as {@code all-MiniLM-L6-v2}
 * @param source where the weights came from, for people; may be empty
 * @param architecture sizes and choices of the encoder
 * @param head how token vectors become the result
 * @param similarity how results are compared
 * @param maxTokens longest input in tokens, special tokens included
 * @param prompts texts to put before an input, by name
 * @param defaultPrompt name of the prompt used when none is asked for; empty for none
 * @param tokenizer the tokenizer
 * @param classifier what the components of the result mean; empty if it is an embedding
 */
public record ModelDescription(
    String name,
    String source,
    Architecture architecture,
    Head head,
    Similarity similarity,
    int maxTokens,
    Map<String, String> prompts,
    String defaultPrompt,
    TokenizerDescription tokenizer,
    Optional<Classifier> classifier)
    implements ModelInfo {

  /** The version of the model file that this Kumiko reads and writes. */
  public static final int FORMAT_VERSION = 1;

  /** What the source of a model begins with whose weights nobody has trained. */
  public static final String RANDOM_WEIGHTS = "random weights: for measuring only";

  /** Copies the prompts and keeps their order. */
  public ModelDescription {
    prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
  }

  @Override
  public int dimension() {
    return head.dimension(architecture.hiddenSize());
  }

  @Override
  public int vocabularySize() {
    return architecture.vocabularySize();
  }

  @Override
  public boolean hasRandomWeights() {
    return source.startsWith(RANDOM_WEIGHTS);
  }

  /**
   * {@return the same with another architecture}
   *
   * @param other the other one
   */
  public ModelDescription withArchitecture(Architecture other) {
    return new ModelDescription(
        name,
        source,
        other,
        head,
        similarity,
        maxTokens,
        prompts,
        defaultPrompt,
        tokenizer,
        classifier);
  }

  /**
   * Reads the description from a model file's metadata and checks everything in it.
   *
   * @param file an open model
   * @return the description
   * @throws ModelFormatException if the file holds no Kumiko model, or one of another version, or a
   *     description that contradicts itself or asks for what Kumiko does not have
   */
  public static ModelDescription of(ModelFile file) throws ModelFormatException {
    return new DescriptionReader(file.source(), file.metadata()).read();
  }

  /**
   * {@return the description as metadata for {@link ModelWriter#metadata(Map)}} Equal descriptions
   * give equal metadata.
   *
   * @throws IllegalArgumentException if {@link #of} would refuse it
   */
  public Map<String, String> toMetadata() {
    return DescriptionWriter.metadata(this);
  }
}
