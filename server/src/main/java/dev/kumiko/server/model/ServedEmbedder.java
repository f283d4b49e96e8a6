package dev.kumiko.server.model;

import dev.kumiko.Backend;
import dev.kumiko.EmbedOptions;
import dev.kumiko.Embedder;
import dev.kumiko.Embedding;
import dev.kumiko.Input;
import dev.kumiko.Prompt;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.model.ModelInfo;
import dev.kumiko.server.batch.Computation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A model that gives embeddings. */
public final class ServedEmbedder implements ServedModel {
  private final String name;
  private final Embedder embedder;
  private final Map<String, Prompt> prompts = new LinkedHashMap<>();

  /**
   * Takes the embedder over.
   *
   * @param name in requests and answers
   * @param embedder cuts texts that are too long, and says so
   */
  ServedEmbedder(String name, Embedder embedder) {
    this.name = name;
    this.embedder = embedder;
    embedder.model().prompts().keySet().forEach(key -> prompts.put(key, Prompt.named(key)));
  }

  /** Texts with one prompt and one dimension; such are computed together. */
  private record Embed(ServedEmbedder model, Prompt prompt, OptionalInt dimension, boolean truncate)
      implements Computation<Input, Embedding> {
    @Override
    public List<Embedding> compute(List<Input> inputs) {
      if (truncate) {
        return embed(inputs);
      }
      Embedding[] results = new Embedding[inputs.size()];
      List<Input> fitting = new ArrayList<>();
      for (int i = 0; i < results.length; i++) {
        int tokens = tokens(inputs.get(i));
        if (tokens > model.maxTokens()) {
          results[i] = refused(tokens);
        } else {
          fitting.add(inputs.get(i));
        }
      }
      Iterator<Embedding> embedded = embed(fitting).iterator();
      Arrays.setAll(results, i -> results[i] == null ? embedded.next() : results[i]);
      return List.of(results);
    }

    /** Counting takes a thousandth of the time of computing. */
    private int tokens(Input input) {
      return input instanceof Input.Text text
          ? model.embedder.countTokens(text.text(), prompt)
          : cost(input);
    }

    private List<Embedding> embed(List<Input> inputs) {
      EmbedOptions options = EmbedOptions.DEFAULT.withPrompt(prompt);
      if (dimension.isPresent()) {
        options = options.withDimension(dimension.getAsInt());
      }
      return model.embedder.embedInputs(inputs, options);
    }

    @Override
    public int cost(Input input) {
      return switch (input) {
        case Input.Text text -> ServedModel.tokens(text.text().length(), model.maxTokens());
        case Input.Words words -> ServedModel.tokens(5 * words.words().size(), model.maxTokens());
        case Input.TokenIds ids -> ids.ids().length;
      };
    }

    @Override
    public long resultBytes(Input input) {
      return 64L + 4L * dimension.orElse(model.info().dimension());
    }

    @Override
    public boolean endsJob(Embedding result) {
      return isRefused(result);
    }
  }

  /** A text that is too long and not to be cut has tokens, and no vector. */
  private static Embedding refused(int tokens) {
    return new Embedding(new float[0], tokens, true);
  }

  /**
   * Returns whether a text was not computed, since it has more tokens than the model takes.
   *
   * @param result what became of the text
   * @return whether it has no vector; its tokens are those of the whole text
   */
  public static boolean isRefused(Embedding result) {
    return result.vector().length == 0;
  }

  /**
   * Returns how texts are embedded.
   *
   * @param prompt the name of one of the model's prompts; empty for its default
   * @param dimension of the vectors, at most the model's; empty for all
   * @param truncate whether texts that are too long are cut; otherwise one ends its job, see {@link
   *     #isRefused}
   * @return computed together with equal ones
   */
  public Computation<Input, Embedding> embed(
      Optional<String> prompt, OptionalInt dimension, boolean truncate) {
    Prompt chosen = prompt.map(prompts::get).orElse(embedder.prompt());
    return new Embed(this, chosen, dimension, truncate);
  }

  /**
   * Returns how token ids are embedded, which have no prompt, not even the default one.
   *
   * @param dimension of the vectors, at most the model's; empty for all
   * @return computed together with equal ones
   */
  public Computation<Input, Embedding> embedIds(OptionalInt dimension) {
    return new Embed(this, Prompt.NONE, dimension, true);
  }

  /** {@return whether every vector has the length 1} */
  public boolean normalizes() {
    return embedder.model() instanceof ModelDescription model && model.head().normalize();
  }

  /** {@return the embedder, which stays this object's} */
  public Embedder embedder() {
    return embedder;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ModelInfo info() {
    return embedder.model();
  }

  @Override
  public Backend backend() {
    return embedder.backend();
  }

  @Override
  public int maxTokens() {
    return embedder.maxTokens();
  }

  @Override
  public String gives() {
    return "embeddings";
  }

  @Override
  public void practise() {
    embedder.embed(ANY_TEXT);
  }

  @Override
  public void close() {
    embedder.close();
  }
}
