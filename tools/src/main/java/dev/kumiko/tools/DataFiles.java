package dev.kumiko.tools;

import dev.kumiko.train.TrainerBuilder;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.data.Columns;
import dev.kumiko.train.data.DataException;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.data.FileFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The files that a model learns from, as long as it does. */
final class DataFiles implements AutoCloseable {
  private final List<DataFile> files = new ArrayList<>();

  private DataFiles() {}

  /** Opens files, whose lines are checked. */
  static DataFiles open(
      List<Path> paths, Function<Path, Columns> columns, boolean skipsBadLines, Streams streams)
      throws IOException {
    DataFiles opened = new DataFiles();
    try {
      for (Path path : paths) {
        DataFile file =
            DataFile.open(path, FileFormat.of(path), columns.apply(path), skipsBadLines);
        opened.files.add(file);
        if (file.badLines() > 0) {
          streams.say(
              "%s: %,d bad lines left out; the first: %s"
                  .formatted(path, file.badLines(), file.firstBadLine()));
        }
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Checks that there is an order to learn.
   *
   * @param loss that learns from the order of scores alone
   */
  void requireDifferentScores(String loss) throws IOException {
    for (DataFile file : files) {
      if (file.lowestLabel() == file.highestLabel()) {
        throw new CommandFailedException(
            "%s: all %,d scores are %s, but %s learns from their order"
                .formatted(file.file(), file.size(), file.lowestLabel(), loss));
      }
    }
  }

  /** Returns batches of all files. */
  Batches batches(BatchOptions options) throws DataException {
    return new Batches(files, options);
  }

  void applyTo(TrainerBuilder builder) {
    files.forEach(builder::data);
  }

  @Override
  public void close() throws IOException {
    for (DataFile file : files) {
      file.close();
    }
  }
}
