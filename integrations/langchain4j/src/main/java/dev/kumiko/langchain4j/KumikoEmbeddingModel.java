package dev.kumiko.langchain4j;

import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.EmbedderBuilder;
import dev.kumiko.Embeddings;
import dev.kumiko.Prompt;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * An {@link Embedder} as LangChain4j's embedding model.
 *
 * <pre>{@code
 * EmbeddingModel model = new KumikoEmbeddingModel();
 * }</pre>
 *
 * <p>A request may name the model, ask for a smaller dimension, and say whether its texts are
 * queries or documents, which puts the model's prompt for these before them. Anything else is
 * refused by name.
 *
 * <p>Safe for concurrent use. {@link #close} frees what this model loaded; an embedder that was
 * handed in stays open.
 */
public final class KumikoEmbeddingModel extends DimensionAwareEmbeddingModel
    implements AutoCloseable {
  private final Embedder embedder;
  private final boolean owned;
  private final String modelName;
  private final List<EmbeddingModelListener> listeners;

  /**
   * Loads the default model of the class path.
   *
   * @throws UncheckedIOException if there is none, or it cannot be read
   */
  public KumikoEmbeddingModel() {
    this(builder());
  }

  /**
   * Loads the default model of the class path.
   *
   * @param executor runs helpers; it stays the caller's
   * @throws UncheckedIOException if there is none, or it cannot be read
   */
  public KumikoEmbeddingModel(Executor executor) {
    this(builder().executor(executor));
  }

  /**
   * Loads a model file.
   *
   * @param model a Kumiko model file
   * @throws UncheckedIOException if it cannot be read, or is no such model
   */
  public KumikoEmbeddingModel(Path model) {
    this(builder().model(model));
  }

  /**
   * Loads a model file.
   *
   * @param model a Kumiko model file
   * @param executor runs helpers; it stays the caller's
   * @throws UncheckedIOException if it cannot be read, or is no such model
   */
  public KumikoEmbeddingModel(Path model, Executor executor) {
    this(builder().model(model).executor(executor));
  }

  /**
   * Takes an embedder that is loaded.
   *
   * @param embedder stays the caller's, who closes it
   */
  public KumikoEmbeddingModel(Embedder embedder) {
    this(builder().embedder(embedder));
  }

  KumikoEmbeddingModel(KumikoEmbeddingModelBuilder builder) {
    this.listeners = builder.listeners();
    this.owned = builder.embedder() == null;
    try {
      this.embedder = owned ? builder.load() : builder.embedder();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    this.modelName = builder.modelName() == null ? embedder.model().name() : builder.modelName();
  }

  /**
   * Returns a builder.
   *
   * @return one with all settings at their defaults
   * @see EmbedderBuilder
   */
  public static KumikoEmbeddingModelBuilder builder() {
    return new KumikoEmbeddingModelBuilder();
  }

  @Override
  public EmbeddingResponse doEmbed(EmbeddingRequest request) {
    requireModel(request.modelName());
    List<String> texts = request.inputs().stream().map(EmbeddingInput::text).toList();
    Embeddings embeddings = embedder.embedAll(texts, options(request));
    return EmbeddingResponse.builder()
        .embeddings(embeddings.stream().map(e -> Embedding.from(e.vector())).toList())
        .modelName(modelName())
        .tokenUsage(new TokenUsage(Math.toIntExact(embeddings.tokens()), 0))
        .build();
  }

  /**
   * Embeds on a virtual thread of its own, for {@code embedAsync} of LangChain4j 1.20 and newer.
   *
   * @param request what {@link #doEmbed} takes
   * @return fails with what {@link #doEmbed} throws; whoever cancels it ends the computation
   */
  // Without @Override: LangChain4j 1.19, which this is compiled against, has no such method.
  public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
    CompletableFuture<EmbeddingResponse> future = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              try {
                future.complete(doEmbed(request));
              } catch (Throwable e) { // whoever waits for it must not wait for ever
                future.completeExceptionally(e);
              }
            });
    CompletableFuture<EmbeddingResponse> unused =
        future.whenComplete(
            (response, failure) -> {
              if (future.isCancelled()) {
                thread.interrupt();
              }
            });
    return future;
  }

  private void requireModel(String name) {
    if (name != null && !name.equals(modelName())) {
      throw new InvalidRequestException(
          "the request asks for model \"%s\", but this is \"%s\"; leave modelName out, or ask the model of that name"
              .formatted(name, modelName()));
    }
  }

  private EmbedOptions options(EmbeddingRequest request) {
    EmbedOptions options = EmbedOptions.DEFAULT;
    if (request.inputType() == EmbeddingInputType.QUERY) {
      options = options.withPrompt(Prompt.QUERY);
    } else if (request.inputType() == EmbeddingInputType.DOCUMENT) {
      options = options.withPrompt(Prompt.DOCUMENT);
    }
    Integer dimensions = request.dimensions();
    if (dimensions == null) {
      return options;
    }
    if (dimensions < 1 || dimensions > embedder.model().dimension()) {
      throw new InvalidRequestException(
          "the request asks for %d dimensions, but the vectors of %s have %d; ask for 1 to %d"
              .formatted(
                  dimensions,
                  modelName(),
                  embedder.model().dimension(),
                  embedder.model().dimension()));
    }
    return options.withDimension(dimensions);
  }

  @Override
  public Set<EmbeddingParameter<?>> supportedParameters() {
    return Set.of(
        EmbeddingRequestParameters.MODEL_NAME,
        EmbeddingRequestParameters.DIMENSIONS,
        EmbeddingRequestParameters.INPUT_TYPE);
  }

  @Override
  public List<EmbeddingModelListener> listeners() {
    return listeners;
  }

  @Override
  public String modelName() {
    return modelName;
  }

  @Override
  protected Integer knownDimension() {
    return embedder.dimension();
  }

  /** {@return the embedder that computes; it is closed with this model if this model loaded it} */
  public Embedder embedder() {
    return embedder;
  }

  /** Closes the embedder, if this model loaded it; waits for calls that are running. */
  @Override
  public void close() {
    if (owned) {
      embedder.close();
    }
  }
}
