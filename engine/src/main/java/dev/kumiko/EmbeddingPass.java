package dev.kumiko;

import dev.kumiko.encode.HeadSteps;
import dev.kumiko.encode.PackedTexts;
import dev.kumiko.encode.Pooler;
import dev.kumiko.encode.Workspace;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.Pooling;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * One call of {@link Embedder#embedAll}: several threads run {@link #run}, take texts in their
 * order, pack their tokens up to a number of rows, encode them together, and pool each text.
 */
final class EmbeddingPass implements Runnable {
  /** So many rows share one trip of the weights through the caches. */
  private static final int MOST_ROWS = 512;

  private static final int FEWEST_ROWS = 64;

  /**
   * What all passes of an embedder share.
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
  private final Workspaces workspaces;
  private final Consumer<Workspace> encoder;
  private final List<String> texts;
  private final int skipped;
  private final Embedding[] results;
  private final int rowsAtATime;
  private int next;

  /**
   * A pass over texts.
   *
   * @param encoder encodes a workspace's texts
   * @param skipped so many tokens at the beginning of each text are not pooled
   */
  EmbeddingPass(
      Settings settings,
      Workspaces workspaces,
      Consumer<Workspace> encoder,
      List<String> texts,
      int skipped,
      int threads) {
    this.settings = settings;
    this.workspaces = workspaces;
    this.encoder = encoder;
    this.texts = texts;
    this.skipped = skipped;
    this.results = new Embedding[texts.size()];
    this.rowsAtATime = rowsAtATime(threads);
  }

  /** Several threads get small helpings, so that they finish at about the same time. */
  private int rowsAtATime(int threads) {
    if (threads == 1) {
      return MOST_ROWS;
    }
    long rows = 0;
    for (String text : texts) {
      // About five characters make a token, and every text has two special ones.
      rows += Math.min(text.length() / 5 + 2, settings.maxTokens());
    }
    return Math.clamp(rows / (2L * threads), FEWEST_ROWS, MOST_ROWS);
  }

  /** Works until no text is left. */
  @Override
  public void run() {
    Workspace workspace = workspaces.borrow();
    workspace.texts().clear();
    Helping helping = new Helping(workspace);
    boolean complete = false;
    try {
      for (int text = take(); text >= 0; text = take()) {
        helping.add(text);
      }
      helping.encode();
      complete = true;
    } finally {
      if (!complete) {
        takeAll();
      }
    }
    workspaces.giveBack(workspace);
  }

  private synchronized int take() {
    return next < texts.size() ? next++ : -1;
  }

  /** Leaves nothing for the other threads when one has failed. */
  private synchronized void takeAll() {
    next = texts.size();
  }

  /** Returns the results in the order of the texts, once all threads have returned. */
  List<Embedding> results() {
    return new ArrayList<>(Arrays.asList(results));
  }

  /** The texts, or windows of them, that are encoded together. */
  private final class Helping {
    private final Workspace workspace;
    private final List<Window> windows = new ArrayList<>();

    Helping(Workspace workspace) {
      this.workspace = workspace;
    }

    void add(int text) {
      Encoding encoding = settings.tokenizer().encode(texts.get(text), settings.maxTokens());
      if (!encoding.truncated() || settings.longText() == LongText.CUT) {
        add(new Sum(text, encoding.truncated()), encoding, true);
      } else if (settings.longText() == LongText.REFUSE) {
        String name = texts.size() == 1 ? "text" : "texts[" + text + "]";
        int tokens = settings.tokenizer().count(texts.get(text));
        throw new TextTooLongException(name, tokens, settings.maxTokens());
      } else {
        addWindows(text);
      }
    }

    private void addWindows(int text) {
      int[] ids = settings.tokenizer().contentIds(texts.get(text));
      int size = settings.maxTokens() - settings.tokenizer().specials();
      Sum sum = new Sum(text, false);
      for (int from = 0; from < ids.length; from += size) {
        int to = Math.min(from + size, ids.length);
        add(sum, settings.tokenizer().withSpecials(ids, from, to), to == ids.length);
      }
    }

    private void add(Sum sum, Encoding encoding, boolean last) {
      PackedTexts packed = workspace.texts();
      if (packed.rows() > 0 && packed.rows() + encoding.length() > rowsAtATime) {
        encode();
      }
      packed.add(encoding.ids(), encoding.firstLength());
      windows.add(new Window(sum, last));
    }

    void encode() {
      PackedTexts packed = workspace.texts();
      if (packed.texts() == 0) {
        return;
      }
      encoder.accept(workspace);
      for (int i = 0; i < packed.texts(); i++) {
        Window window = windows.get(i);
        window.sum().add(workspace.hidden(), packed.start(i), packed.tokens(i));
        if (window.last()) {
          results[window.sum().text] = window.sum().embedding(workspace);
        }
      }
      packed.clear();
      windows.clear();
    }
  }

  /**
   * Part of a text.
   *
   * @param last whether the text ends here
   */
  private record Window(Sum sum, boolean last) {}

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

    void add(float[] hidden, int firstRow, int count) {
      int size = settings.model().architecture().hiddenSize();
      List<Pooling> pooling = settings.model().head().pooling();
      // The prompt is in the first window.
      int skip = vector == null ? Math.min(skipped, count - 1) : 0;
      float[] pooled = Pooler.pool(pooling, hidden, firstRow, count, skip, size);
      if (vector == null) {
        vector = pooled;
      } else {
        float share = (float) count / (tokens + count);
        for (int i = 0; i < vector.length; i++) {
          vector[i] += share * (pooled[i] - vector[i]);
        }
      }
      tokens += count;
    }

    Embedding embedding(Workspace workspace) {
      vector = settings.head().apply(vector, workspace);
      if (settings.dimension() < vector.length) {
        vector = Arrays.copyOf(vector, settings.dimension());
      }
      if (settings.model().head().normalize()) {
        Pooler.normalize(vector);
      }
      return new Embedding(vector, tokens, truncated);
    }
  }
}
