package dev.kumiko.tools;

import dev.kumiko.search.Int8Ranges;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.vectors.NpyFile;
import dev.kumiko.tools.vectors.VectorNotes;
import dev.kumiko.tools.vectors.VectorType;
import dev.kumiko.train.data.FileHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Vectors that are written as int8 or as bits, with notes of what they mean. */
final class CompactVectors {
  /** The ranges of fewer say little about the vectors to come. */
  private static final int FEW = 200;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "For --precision int8: texts like those to come, one a line, or their vectors (.npy),"
              + " between whose lowest and highest values the 256 steps lie.")
  private Path calibration;

  private final FileHash.Lines hash = new FileHash.Lines();
  private long count;

  /** Requires options that fit. */
  void check(VectorType type) {
    if (type == VectorType.INT8 && calibration == null) {
      throw new UsageException("--precision int8 needs --calibration FILE, texts like these");
    }
    if (type != VectorType.INT8 && calibration != null) {
      throw new UsageException("--calibration is for --precision int8");
    }
  }

  /** Returns between which values components lie; empty if that does not matter. */
  Optional<Int8Ranges> ranges(VectorMaker maker, Streams streams) throws IOException {
    if (calibration == null) {
      return Optional.empty();
    }
    if (!calibration.toString().endsWith(".npy")) {
      return Optional.of(ranges(maker.vectors(TextLines.read(calibration), null), streams));
    }
    try (NpyFile file = NpyFile.open(calibration)) {
      Int8Ranges ranges = ranges(file.vectors(), streams);
      int dimension = maker.embedder().dimension();
      if (ranges.dimension() != dimension) {
        throw new CommandFailedException(
            "%s: has vectors of %,d components, but the model's have %,d"
                .formatted(calibration, ranges.dimension(), dimension));
      }
      return Optional.of(ranges);
    }
  }

  private Int8Ranges ranges(VectorSource vectors, Streams streams) {
    if (vectors.count() < FEW) {
      streams.say(
          "warning: %s has only %,d texts; what lies outside their ranges is cut off"
              .formatted(calibration, vectors.count()));
    }
    return Int8Ranges.of(vectors);
  }

  /** Counts a text whose vector was written. */
  void add(String text) {
    hash.add(text);
    count++;
  }

  /** Returns what is known of the vectors when all are written. */
  VectorNotes notes(VectorMaker maker, Optional<Int8Ranges> ranges) throws IOException {
    return new VectorNotes(
        maker.model(),
        maker.settings(null),
        hash.end(),
        count,
        maker.embedder().dimension(),
        ranges);
  }
}
