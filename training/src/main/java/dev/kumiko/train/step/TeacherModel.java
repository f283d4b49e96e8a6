package dev.kumiko.train.step;

import dev.kumiko.encode.PackedTexts;
import dev.kumiko.tokenize.Encoding;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.data.FileHash;
import dev.kumiko.train.loss.SentenceVectors;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model whose vectors of the same texts are learnt from. Vectors are computed once and kept, as
 * many as the memory for them holds; a text that comes again after that many others is computed
 * again, with the same result. For one thread at a time, until it is closed.
 */
public final class TeacherModel implements Teacher, AutoCloseable {
  private static final long CACHED_VALUES = 1L << 26;

  private final TrainableModel model;
  private final Tokenizer tokenizer;
  private final String hash;
  private final boolean firstColumnOnly;
  private final Map<String, float[]> known;

  private TeacherModel(TrainableModel model, String hash, boolean firstColumnOnly)
      throws IOException {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.hash = hash;
    this.firstColumnOnly = firstColumnOnly;
    long most = CACHED_VALUES / model.description().dimension();
    this.known =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * Opens a Kumiko model file in fp32.
   *
   * @param firstColumnOnly whether the vector of a line's first text is what all its texts should
   *     have, as those of translations (Reimers and Gurevych, arXiv 2004.09813)
   * @throws IllegalArgumentException if it is a classifier or a reranker, which has no vectors
   * @throws IOException if the file cannot be read, or is no model in fp32
   */
  public static TeacherModel open(Path file, int threads, boolean firstColumnOnly)
      throws IOException {
    String hash = FileHash.of(file);
    TrainableModel model = TrainableModel.open(file, threads, Memory.RECOMPUTE);
    try {
      if (model.description().classifier().isPresent()) {
        throw new IllegalArgumentException(
            "%s: is a classifier or a reranker, which has scores and no vectors to learn from"
                .formatted(file));
      }
      return new TeacherModel(model, hash, firstColumnOnly);
    } catch (IOException | RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** Returns the model itself. */
  TrainableModel model() {
    return model;
  }

  /** Returns the length of its vectors. */
  public int dimension() {
    return model.description().dimension();
  }

  @Override
  public List<SentenceVectors> targets(Batch batch) {
    int columns = firstColumnOnly ? 1 : batch.file().columns().count();
    Map<String, float[]> vectors = new LinkedHashMap<>();
    Set<String> missing = new LinkedHashSet<>();
    for (int column = 0; column < columns; column++) {
      for (String text : batch.texts(column)) {
        float[] vector = known.get(text);
        if (vector == null) {
          missing.add(text);
        } else {
          vectors.put(text, vector);
        }
      }
    }
    compute(List.copyOf(missing), vectors);
    return IntStream.range(0, columns)
        .mapToObj(column -> column(batch.texts(column), vectors))
        .toList();
  }

  private void compute(List<String> texts, Map<String, float[]> vectors) {
    if (texts.isEmpty()) {
      return;
    }
    PackedTexts packed = new PackedTexts();
    for (String text : texts) {
      Encoding encoding = tokenizer.encode(text, model.description().maxTokens());
      packed.add(encoding.ids(), encoding.firstLength());
    }
    float[] all = model.vectors(packed);
    for (int i = 0; i < texts.size(); i++) {
      float[] vector = Arrays.copyOfRange(all, i * dimension(), (i + 1) * dimension());
      vectors.put(texts.get(i), vector);
      known.put(texts.get(i), vector);
    }
  }

  private SentenceVectors column(List<String> texts, Map<String, float[]> vectors) {
    double[] values = new double[texts.size() * dimension()];
    for (int row = 0; row < texts.size(); row++) {
      float[] vector = vectors.get(texts.get(row));
      for (int i = 0; i < vector.length; i++) {
        values[row * vector.length + i] = vector[i];
      }
    }
    return new SentenceVectors(texts.size(), dimension(), values);
  }

  @Override
  public String identity() {
    return "%s%s".formatted(hash, firstColumnOnly ? ", of the first column" : "");
  }

  @Override
  public void close() {
    model.close();
  }
}
