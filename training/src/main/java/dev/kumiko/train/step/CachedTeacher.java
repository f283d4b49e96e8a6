package dev.kumiko.train.step;

import dev.kumiko.train.data.Batch;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.TeacherVectors;
import dev.kumiko.train.loss.SentenceVectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A teacher that is asked once for each text, whatever the number of epochs and of runs: its
 * vectors are kept in files, one for each column of the data. For one thread at a time, until it is
 * closed; the model stays the caller's.
 */
public final class CachedTeacher implements Teacher, AutoCloseable {
  private final TeacherModel model;
  private final Path folder;
  private final Consumer<String> notes;
  private final Map<Column, TeacherVectors> caches = new LinkedHashMap<>();

  /** The same data given twice has one file. */
  private record Column(String data, int number) {}

  /**
   * Keeps a model's vectors.
   *
   * @param folder where; it is there
   * @param notes told what of the files is damaged and computed again
   */
  public CachedTeacher(TeacherModel model, Path folder, Consumer<String> notes) {
    this.model = model;
    this.folder = folder;
    this.notes = notes;
  }

  @Override
  public List<SentenceVectors> targets(Batch batch) throws IOException {
    List<SentenceVectors> targets = new ArrayList<>();
    for (int column = 0; column < model.columns(batch); column++) {
      TeacherVectors cache = cache(batch.file(), column);
      targets.add(
          SentenceVectors.of(cache.vectors(batch.numbers(), batch.texts(column), model::vectors)));
    }
    return targets;
  }

  private TeacherVectors cache(DataFile data, int column) throws IOException {
    Column key = new Column(data.identity(), column);
    TeacherVectors cache = caches.get(key);
    if (cache == null) {
      cache = TeacherVectors.open(folder, model.hash(), data, column, model.dimension(), notes);
      caches.put(key, cache);
    }
    return cache;
  }

  @Override
  public String identity() {
    return model.identity();
  }

  /** Closes the files and deletes them. */
  public void delete() throws IOException {
    close();
    for (TeacherVectors cache : caches.values()) {
      Files.deleteIfExists(cache.file());
    }
  }

  @Override
  public void close() throws IOException {
    for (TeacherVectors cache : caches.values()) {
      cache.close();
    }
  }
}
