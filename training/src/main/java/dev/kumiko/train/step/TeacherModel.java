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
import java.util.List;
import java.util.stream.IntStream;

/**
 * A model whose vectors of the same texts are learnt from, computed whenever they are asked for;
 * see {@link CachedTeacher} for keeping them. For one thread at a time, until it is closed.
 */
public final class TeacherModel implements Teacher, AutoCloseable {
  private final TrainableModel model;
  private final Tokenizer tokenizer;
  private final String hash;
  private final boolean firstColumnOnly;

  private TeacherModel(TrainableModel model, String hash, boolean firstColumnOnly)
      throws IOException {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.hash = hash;
    this.firstColumnOnly = firstColumnOnly;
  }

  /**
   * Opens a Kumiko model file that is not int8.
   *
   * @param firstColumnOnly whether the vector of a line's first text is what all its texts should
   *     have, as those of translations (Reimers and Gurevych, arXiv 2004.09813)
   * @throws IllegalArgumentException if it is a classifier or a reranker, which has no vectors
   * @throws IOException if the file cannot be read, or is no such model
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

  /** Returns a digest of its file. */
  String hash() {
    return hash;
  }

  /** Returns how many of a line's texts it says something of. */
  int columns(Batch batch) {
    return firstColumnOnly ? 1 : batch.file().columns().count();
  }

  /** Returns the vector of each text, the same whatever texts stand beside it. */
  List<float[]> vectors(List<String> texts) {
    PackedTexts packed = new PackedTexts();
    for (String text : texts) {
      Encoding encoding = tokenizer.encode(text, model.description().maxTokens());
      packed.add(encoding.ids(), encoding.firstLength());
    }
    float[] all = model.vectors(packed);
    return IntStream.range(0, texts.size())
        .mapToObj(i -> Arrays.copyOfRange(all, i * dimension(), (i + 1) * dimension()))
        .toList();
  }

  @Override
  public List<SentenceVectors> targets(Batch batch) {
    return IntStream.range(0, columns(batch))
        .mapToObj(column -> SentenceVectors.of(vectors(batch.texts(column))))
        .toList();
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
