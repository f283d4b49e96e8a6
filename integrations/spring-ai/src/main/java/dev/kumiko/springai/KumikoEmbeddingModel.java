package dev.kumiko.springai;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Embeddings;
import dev.kumiko.Prompt;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;
import org.springframework.ai.embedding.observation.DefaultEmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationContext;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationConvention;
import org.springframework.ai.embedding.observation.EmbeddingModelObservationDocumentation;

/**
 * Spring AI's embedding model on an {@link Embedder}, in the process of the application.
 *
 * <pre>{@code
 * Embedder embedder = Embedder.loadDefault();
 * EmbeddingModel model = KumikoEmbeddingModel.builder(embedder).build();
 * VectorStore store = SimpleVectorStore.builder(model).build();
 * }</pre>
 *
 * <p>The embedder stays the caller's to close; calls that run then end first, later ones throw
 * {@link IllegalStateException}. Immutable, and safe for concurrent use by any number of threads.
 * Vectors belong to the caller. What {@link Embedder#embedAll} throws comes out of every call, and
 * texts and documents that are null throw {@link NullPointerException}.
 *
 * <p>Every call is an observation of Spring AI with the provider {@value #PROVIDER}, the name of
 * the model, the dimension and the number of tokens, special tokens and prompts included. (Not
 * final, so that Spring can put a proxy before it.)
 */
public class KumikoEmbeddingModel implements EmbeddingModel {
  /** The provider's name in observations, and the value of {@code spring.ai.model.embedding}. */
  public static final String PROVIDER = "kumiko";

  /** The key of the response's metadata that holds how many of its texts were cut. */
  public static final String TRUNCATED = "truncated";

  private static final EmbeddingModelObservationConvention DEFAULT_CONVENTION =
      new DefaultEmbeddingModelObservationConvention();

  private final Embedder embedder;
  private final KumikoPrompts prompts;
  private final MetadataMode metadataMode;
  private final ObservationRegistry registry;
  private final EmbeddingModelObservationConvention convention;

  private KumikoEmbeddingModel(Builder builder) {
    this.embedder = builder.embedder;
    this.prompts = builder.prompts;
    this.metadataMode = builder.metadataMode;
    this.registry = builder.registry;
    this.convention = builder.convention;
  }

  /**
   * Returns a builder.
   *
   * @param embedder computes, and stays the caller's to close
   * @return a builder with default settings
   */
  public static Builder builder(Embedder embedder) {
    return new Builder(embedder);
  }

  /**
   * Embeds the texts of a request.
   *
   * @param request any number of texts with {@link KumikoEmbeddingOptions}, those of {@link
   *     EmbeddingOptions#builder()}, or none
   * @return one embedding for each text, numbered from 0; with the model's name, the tokens, and
   *     under {@value #TRUNCATED} how many texts were cut
   * @throws IllegalArgumentException if the options are of another provider, or name another model,
   *     a prompt or a dimension that the model does not have
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    return call(request.getInstructions(), request.getOptions(), prompts.other());
  }

  /** {@return the vector of a text alone, which {@link KumikoPrompts#AUTO} takes for a question} */
  @Override
  public float[] embed(String text) {
    Objects.requireNonNull(text, "text is null");
    return call(List.of(text), null, prompts.query()).getResult().getOutput();
  }

  /**
   * Embeds a document.
   *
   * @return its vector
   * @throws IllegalArgumentException if it has no text
   */
  @Override
  public float[] embed(Document document) {
    return call(List.of(getEmbeddingContent(document)), null, prompts.document())
        .getResult()
        .getOutput();
  }

  /**
   * Embeds documents, batch by batch.
   *
   * @param documents any number of documents
   * @param options as those of {@link #call(EmbeddingRequest)}
   * @param strategy divides them and keeps their order; {@link KumikoBatchingStrategy} counts as
   *     the model does
   * @return their vectors in the same order
   * @throws IllegalArgumentException if one has no text, before any is embedded; if the strategy
   *     loses some; or for the options
   */
  @Override
  public List<float[]> embed(
      List<Document> documents, EmbeddingOptions options, BatchingStrategy strategy) {
    documents.forEach(DocumentTexts::of);
    List<float[]> vectors = new ArrayList<>(documents.size());
    for (List<Document> batch : strategy.batch(documents)) {
      List<String> texts = batch.stream().map(this::getEmbeddingContent).toList();
      EmbeddingResponse response = call(texts, options, prompts.document());
      response.getResults().forEach(result -> vectors.add(result.getOutput()));
    }
    if (vectors.size() != documents.size()) {
      throw new IllegalArgumentException(
          "%s made batches of %,d documents of %,d"
              .formatted(strategy.getClass().getName(), vectors.size(), documents.size()));
    }
    return List.copyOf(vectors);
  }

  /**
   * Returns what of a document is embedded: its text, and as much of its metadata as the {@link
   * Builder#metadataMode} says.
   *
   * @throws IllegalArgumentException if it has no text
   */
  @Override
  public String getEmbeddingContent(Document document) {
    return DocumentTexts.of(document, metadataMode);
  }

  /** {@return the length of the vectors, known without embedding anything} */
  @Override
  public int dimensions() {
    return embedder.dimension();
  }

  /**
   * Returns how many tokens a document has as it is embedded: with its metadata, its prompt and
   * special tokens, those beyond what the model takes, too.
   *
   * @param document with a text
   * @return the number
   * @throws IllegalArgumentException if it has no text
   */
  public int countTokens(Document document) {
    return countTokens(getEmbeddingContent(document));
  }

  /** {@return how many tokens a text has as that of a document, as it stands} */
  int countTokens(String content) {
    return embedder.countTokens(content, prompts.document().orElse(embedder.prompt()));
  }

  /** {@return the embedder that computes} */
  public Embedder embedder() {
    return embedder;
  }

  private EmbeddingResponse call(
      List<String> texts, EmbeddingOptions given, Optional<Prompt> usual) {
    KumikoEmbeddingOptions options = KumikoEmbeddingOptions.of(given);
    requireModel(options.getModel());
    int dimension = dimension(options.getDimensions());
    Optional<Prompt> prompt =
        Optional.ofNullable(options.getPrompt())
            .map(name -> name.equals("none") ? Prompt.NONE : Prompt.named(name))
            .or(() -> usual);
    EmbedOptions embedOptions =
        EmbedOptions.DEFAULT
            .withDimension(dimension)
            .withPrompt(prompt.orElseGet(embedder::prompt));
    EmbeddingModelObservationContext context =
        EmbeddingModelObservationContext.builder()
            .embeddingRequest(
                new EmbeddingRequest(texts, options.with(embedder.model().name(), dimension)))
            .provider(PROVIDER)
            .build();
    return EmbeddingModelObservationDocumentation.EMBEDDING_MODEL_OPERATION
        .observation(convention, DEFAULT_CONVENTION, () -> context, registry)
        .observe(
            () -> {
              EmbeddingResponse response = response(embedder.embedAll(texts, embedOptions));
              context.setResponse(response);
              return response;
            });
  }

  private void requireModel(String asked) {
    String own = embedder.model().name();
    if (asked != null && !asked.isBlank() && !asked.equals(own)) {
      throw new IllegalArgumentException(
          "model is \"%s\", but this embedding model is \"%s\"; leave the model out of the options"
              .formatted(asked, own));
    }
  }

  private int dimension(Integer asked) {
    int most = embedder.model().dimension();
    if (asked == null) {
      return embedder.dimension();
    }
    if (asked < 1 || asked > most) {
      throw new IllegalArgumentException(
          "dimensions is %d, but the vectors of %s have from 1 to %d components"
              .formatted(asked, embedder.model().name(), most));
    }
    return asked;
  }

  private EmbeddingResponse response(Embeddings embeddings) {
    List<Embedding> results = new ArrayList<>(embeddings.size());
    int truncated = 0;
    for (dev.kumiko.Embedding embedding : embeddings) {
      results.add(new Embedding(embedding.vector(), results.size()));
      truncated += embedding.truncated() ? 1 : 0;
    }
    int tokens = (int) Math.min(Integer.MAX_VALUE, embeddings.tokens());
    return new EmbeddingResponse(
        results,
        new EmbeddingResponseMetadata(
            embedder.model().name(), new DefaultUsage(tokens, 0), Map.of(TRUNCATED, truncated)));
  }

  /** Settings of a {@link KumikoEmbeddingModel}. Not safe for concurrent use. */
  public static final class Builder {
    private final Embedder embedder;
    private KumikoPrompts prompts = KumikoPrompts.DEFAULT;
    private MetadataMode metadataMode = MetadataMode.NONE;
    private ObservationRegistry registry = ObservationRegistry.NOOP;
    private EmbeddingModelObservationConvention convention = DEFAULT_CONVENTION;

    private Builder(Embedder embedder) {
      this.embedder = Objects.requireNonNull(embedder, "embedder");
    }

    /**
     * Sets which prompts stand before which texts.
     *
     * @param prompts the default is {@link KumikoPrompts#DEFAULT}
     * @return this
     */
    public Builder prompts(KumikoPrompts prompts) {
      this.prompts = Objects.requireNonNull(prompts, "prompts");
      return this;
    }

    /**
     * Sets how much of documents' metadata is embedded with their texts.
     *
     * @param metadataMode the default is {@link MetadataMode#NONE}
     * @return this
     */
    public Builder metadataMode(MetadataMode metadataMode) {
      this.metadataMode = Objects.requireNonNull(metadataMode, "metadataMode");
      return this;
    }

    /**
     * Sets who hears of every call.
     *
     * @param registry the default is {@link ObservationRegistry#NOOP}
     * @return this
     */
    public Builder observationRegistry(ObservationRegistry registry) {
      this.registry = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Sets how calls are named.
     *
     * @param convention the default is Spring AI's
     * @return this
     */
    public Builder observationConvention(EmbeddingModelObservationConvention convention) {
      this.convention = Objects.requireNonNull(convention, "convention");
      return this;
    }

    /**
     * Builds the model.
     *
     * @return the model
     * @throws IllegalArgumentException if the model has no prompt of the name that was set
     */
    public KumikoEmbeddingModel build() {
      KumikoEmbeddingModel model = new KumikoEmbeddingModel(this);
      model.countTokens("");
      return model;
    }
  }
}
