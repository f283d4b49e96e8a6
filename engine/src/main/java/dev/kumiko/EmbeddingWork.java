package dev.kumiko;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.Pooler;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** One call of {@link Embedder#embedInputs}: inputs, or windows of them, become vectors. */
final class EmbeddingWork extends EncoderWork {
  /**
   * What all calls of an embedder share.
   *
   * @param dimension length of the vectors unless a call asks for another, at most the model's
   */
  record Settings(
      ModelDescription model,
      Tokenizer tokenizer,
      HeadSteps head,
      int maxTokens,
      LongText longText,
      int dimension) {}

  private final Settings settings;
  private final List<InputTokens> inputs;
  private final int skipped;
  private final int skippedOfIds;
  private final int dimension;
  private final ProgressCount progress;
  private final Embedding[] results;

  /**
   * Work on inputs.
   *
   * @param skipped so many tokens at the beginning of each text are not pooled
   * @param skippedOfIds the same of token ids, which have no prompt
   * @param dimension length of the result, at most the model's
   */
  EmbeddingWork(
      Settings settings,
      List<InputTokens> inputs,
      int skipped,
      int skippedOfIds,
      int dimension,
      ProgressCount progress) {
    this.settings = settings;
    this.inputs = inputs;
    this.skipped = skipped;
    this.skippedOfIds = skippedOfIds;
    this.dimension = dimension;
    this.progress = progress;
    this.results = new Embedding[inputs.size()];
  }

  @Override
  int inputs() {
    return inputs.size();
  }

  @Override
  int length(int input) {
    return inputs.get(input).characters();
  }

  @Override
  int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  void tokenize(int input, Pieces pieces) {
    Encoding encoding = inputs.get(input).encode(settings.tokenizer(), settings.maxTokens());
    if (!encoding.truncated() || settings.longText() == LongText.CUT) {
      Sum sum = new Sum(input, encoding.truncated());
      pieces.add(encoding, (w, row, count) -> finish(input, sum.add(w, row, count).embedding(w)));
    } else if (settings.longText() == LongText.REFUSE) {
      int tokens = inputs.get(input).count(settings.tokenizer());
      throw new TextTooLongException(name(input), tokens, settings.maxTokens());
    } else {
      addWindows(input, pieces);
    }
  }

  @Override
  void handedOut() {
    progress.tell();
  }

  private void finish(int input, Embedding embedding) {
    results[input] = embedding;
    progress.add();
  }

  private String name(int input) {
    return inputs.size() == 1 ? "text" : "texts[" + input + "]";
  }

  private void addWindows(int input, Pieces pieces) {
    int[] ids = inputs.get(input).contentIds(settings.tokenizer());
    int size = settings.maxTokens() - settings.tokenizer().specials();
    Sum sum = new Sum(input, false);
    for (int from = 0; from < ids.length; from += size) {
      int to = Math.min(from + size, ids.length);
      boolean last = to == ids.length;
      pieces.add(
          settings.tokenizer().withSpecials(ids, from, to),
          (w, row, count) -> {
            sum.add(w, row, count);
            if (last) {
              finish(input, sum.embedding(w));
            }
          });
    }
  }

  /** Returns the results in the order of the inputs, once all threads have returned. */
  Embeddings results() {
    return new Embeddings(Arrays.asList(results));
  }

  /** The pooled vectors of a text's windows, added up by their number of tokens. */
  private final class Sum {
    private final int input;
    private final boolean truncated;
    private float[] vector;
    private int tokens;

    Sum(int input, boolean truncated) {
      this.input = input;
      this.truncated = truncated;
    }

    Sum add(Workspace w, int firstRow, int count) {
      int size = settings.model().architecture().hiddenSize();
      List<Pooling> pooling = settings.model().head().pooling();
      // The prompt is in the first window.
      int before = inputs.get(input) instanceof GivenTokens ? skippedOfIds : skipped;
      int skip = vector == null ? Math.min(before, count) : 0;
      float[] pooled = Pooler.pool(pooling, w.hidden(), firstRow, count, skip, size);
      if (vector == null) {
        vector = pooled;
      } else {
        float share = (float) count / (tokens + count);
        for (int i = 0; i < vector.length; i++) {
          vector[i] += share * (pooled[i] - vector[i]);
        }
      }
      tokens += count;
      return this;
    }

    Embedding embedding(Workspace w) {
      vector = settings.head().apply(vector, w);
      if (dimension < vector.length) {
        vector = Arrays.copyOf(vector, dimension);
      }
      if (settings.model().head().normalize()) {
        Pooler.normalize(vector);
      }
      UnusableModelException.requireFinite(settings.model(), input, vector);
      return new Embedding(vector, tokens, truncated, inputs.get(input).replacements());
    }
  }
}
