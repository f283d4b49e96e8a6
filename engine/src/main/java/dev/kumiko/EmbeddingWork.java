package dev.kumiko;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.Pooler;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.tokenize.WellFormedText.Repaired;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One call of {@link Embedder#embedAll}: texts, or windows of them, become vectors. */
final class EmbeddingWork extends EncoderWork {
  /**
   * What all calls of an embedder share.
   *
   * @param dimension length of the result, at most the model's
   */
  record Settings(
      ModelDescription model,
      Tokenizer tokenizer,
      HeadSteps head,
      int maxTokens,
      LongText longText,
      int dimension) {}

  private final Settings settings;
  private final List<Repaired> texts;
  private final int skipped;
  private final Embedding[] results;

  /**
   * Work on texts.
   *
   * @param skipped so many tokens at the beginning of each text are not pooled
   */
  EmbeddingWork(Settings settings, List<Repaired> texts, int skipped) {
    this.settings = settings;
    this.texts = texts;
    this.skipped = skipped;
    this.results = new Embedding[texts.size()];
  }

  @Override
  int inputs() {
    return texts.size();
  }

  @Override
  int length(int input) {
    return text(input).length();
  }

  @Override
  int maxTokens() {
    return settings.maxTokens();
  }

  @Override
  void tokenize(int text, Pieces pieces) {
    Encoding encoding = settings.tokenizer().encode(text(text), settings.maxTokens());
    if (!encoding.truncated() || settings.longText() == LongText.CUT) {
      Sum sum = new Sum(text, encoding.truncated());
      pieces.add(encoding, (w, row, count) -> results[text] = sum.add(w, row, count).embedding(w));
    } else if (settings.longText() == LongText.REFUSE) {
      int tokens = settings.tokenizer().count(text(text));
      throw new TextTooLongException(name(text), tokens, settings.maxTokens());
    } else {
      addWindows(text, pieces);
    }
  }

  private String text(int input) {
    return texts.get(input).text();
  }

  private String name(int text) {
    return texts.size() == 1 ? "text" : "texts[" + text + "]";
  }

  private void addWindows(int text, Pieces pieces) {
    int[] ids = settings.tokenizer().contentIds(text(text));
    int size = settings.maxTokens() - settings.tokenizer().specials();
    Sum sum = new Sum(text, false);
    for (int from = 0; from < ids.length; from += size) {
      int to = Math.min(from + size, ids.length);
      boolean last = to == ids.length;
      pieces.add(
          settings.tokenizer().withSpecials(ids, from, to),
          (w, row, count) -> {
            sum.add(w, row, count);
            if (last) {
              results[text] = sum.embedding(w);
            }
          });
    }
  }

  /** Returns the results in the order of the texts, once all threads have returned. */
  List<Embedding> results() {
    return new ArrayList<>(Arrays.asList(results));
  }

  /** The pooled vectors of a text's windows, added up by their number of tokens. */
  private final class Sum {
    private final int text;
    private final boolean truncated;
    private float[] vector;
    private int tokens;

    Sum(int text, boolean truncated) {
      this.text = text;
      this.truncated = truncated;
    }

    Sum add(Workspace w, int firstRow, int count) {
      int size = settings.model().architecture().hiddenSize();
      List<Pooling> pooling = settings.model().head().pooling();
      // The prompt is in the first window.
      int skip = vector == null ? Math.min(skipped, count) : 0;
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
      if (settings.dimension() < vector.length) {
        vector = Arrays.copyOf(vector, settings.dimension());
      }
      if (settings.model().head().normalize()) {
        Pooler.normalize(vector);
      }
      UnusableModelException.requireFinite(settings.model(), text, vector);
      return new Embedding(vector, tokens, truncated, texts.get(text).replacements());
    }
  }
}
