package dev.kumiko.tools;

import dev.kumiko.train.student.KeptLayers;
import dev.kumiko.train.student.ThinStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a student begins as. */
final class StudentOptions {
  @Option(
      names = "--keep-layers",
      paramLabel = "LAYER",
      split = ",",
      description = "The student has these layers of the teacher, counted from 0, and all else.")
  private List<Integer> keptLayers;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "The student is a BERT of its own sizes: number of layers.")
  private Integer layers;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "With --layers: length of its token vectors and vectors; default 128.")
  private Integer hidden;

  @Option(names = "--heads", paramLabel = "N", description = "With --layers; default 8.")
  private Integer heads;

  @Option(
      names = "--intermediate",
      paramLabel = "N",
      description = "With --layers: width of the feed-forward blocks; default 4 times --hidden.")
  private Integer intermediate;

  @Option(
      names = "--table",
      paramLabel = "START",
      description =
          "With --layers: the token table begins as pca (the default: the teacher's, in its principal components) or random.")
  private ThinStudent.Table table;

  @Option(
      names = "--student",
      paramLabel = "FILE",
      description = "The student is this Kumiko model, such as one with a composed token table.")
  private Path file;

  /**
   * Checks what was asked for, before any work.
   *
   * @throws UsageException if it is not one of the three
   */
  void check() {
    if (Stream.of(keptLayers, layers, file).filter(option -> option != null).count() != 1) {
      throw new UsageException(
          "a student needs one of --keep-layers, --layers and --student, and only one");
    }
    if (layers == null
        && Stream.of(hidden, heads, intermediate, table).anyMatch(option -> option != null)) {
      throw new UsageException("--hidden, --heads, --intermediate and --table go with --layers");
    }
    try {
      if (keptLayers != null) {
        KeptLayers.of(keptLayers);
      } else if (layers != null) {
        thin();
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private ThinStudent thin() {
    int size = hidden == null ? 128 : hidden;
    int inner = intermediate == null ? Math.multiplyExact(4, size) : intermediate;
    return new ThinStudent(layers, size, heads == null ? 8 : heads, inner);
  }

  /** Writes the student before it has learnt; the same options give the same bytes. */
  void write(Path teacher, Path target, long seed) throws IOException {
    if (keptLayers != null) {
      KeptLayers.of(keptLayers).write(teacher, target);
    } else if (layers != null) {
      thin().write(teacher, target, table == null ? ThinStudent.Table.PCA : table, seed);
    } else {
      ModelPath.check(file);
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
