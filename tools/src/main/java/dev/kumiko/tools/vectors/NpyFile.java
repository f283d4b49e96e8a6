package dev.kumiko.tools.vectors;

import dev.kumiko.search.BinaryVectors;
import dev.kumiko.search.FloatVectors;
import dev.kumiko.search.Int8Ranges;
import dev.kumiko.search.Int8Vectors;
import dev.kumiko.search.VectorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A NumPy array of vectors, mapped until it is closed: it may be larger than memory. */
public final class NpyFile implements AutoCloseable {
  private static final int CHUNK = 256;

  private final Path file;
  private final NpyHeader header;
  private final Optional<VectorNotes> notes;
  private final Arena arena = Arena.ofShared();
  private final VectorSource vectors;

  private NpyFile(Path file, FileChannel channel, Optional<VectorNotes> notes) throws IOException {
    this.file = file;
    this.header = NpyHeader.read(file, channel);
    this.notes = notes;
    try {
      long size = channel.size() - header.offset();
      MemorySegment data = channel.map(MapMode.READ_ONLY, header.offset(), size, arena);
      this.vectors = vectors(data);
      requireFinite();
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * Maps an array and checks it.
   *
   * @throws IOException if it is no array of vectors, or a component is not finite; the message
   *     says where
   */
  public static NpyFile open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new VectorFileException(file + ": is a directory, expected a NumPy array (.npy)");
    }
    Optional<VectorNotes> notes = VectorNotes.read(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new NpyFile(file, channel, notes);
    }
  }

  private VectorSource vectors(MemorySegment data) throws VectorFileException {
    int dimension =
        notes
            .map(VectorNotes::dimension)
            .orElse(
                header.type() == VectorType.BINARY ? Byte.SIZE * header.items() : header.items());
    if (header.type().items(dimension) != header.items()) {
      throw new VectorFileException(
          "%s: vectors of %,d items of %s, but %s speaks of %,d components"
              .formatted(
                  file, header.items(), header.type().descr(), VectorNotes.path(file), dimension));
    }
    return switch (header.type()) {
      case FLOAT32 -> new FloatVectors(data, header.rows(), dimension);
      case BINARY -> new BinaryVectors(data, header.rows(), dimension);
      case INT8 -> new Int8Vectors(data, header.rows(), ranges(dimension));
    };
  }

  private Int8Ranges ranges(int dimension) throws VectorFileException {
    Int8Ranges ranges =
        notes
            .flatMap(VectorNotes::ranges)
            .orElseThrow(
                () ->
                    new VectorFileException(
                        "%s: holds int8 vectors, but %s does not say between which values they lie"
                            .formatted(file, VectorNotes.path(file))));
    if (ranges.dimension() != dimension) {
      throw new VectorFileException(
          "%s: has ranges of %,d components, but the vectors have %,d"
              .formatted(VectorNotes.path(file), ranges.dimension(), dimension));
    }
    return ranges;
  }

  private void requireFinite() throws VectorFileException {
    if (header.type() != VectorType.FLOAT32) {
      return;
    }
    int dimension = vectors.dimension();
    float[] rows = new float[Math.multiplyExact(Math.min(CHUNK, header.rows()), dimension)];
    for (int first = 0; first < header.rows(); first += CHUNK) {
      int count = Math.min(CHUNK, header.rows() - first);
      vectors.read(first, count, rows, 0);
      for (int i = 0; i < count * dimension; i++) {
        if (!Float.isFinite(rows[i])) {
          throw new VectorFileException(
              "%s: the component %,d of vector %,d (line %,d) is %s; embed that line again"
                  .formatted(
                      file,
                      i % dimension,
                      first + i / dimension,
                      first + i / dimension + 1,
                      rows[i]));
        }
      }
    }
  }

  /** Returns the vectors; not to be read after {@link #close}. */
  public VectorSource vectors() {
    return vectors;
  }

  /** Returns what their components are. */
  public VectorType type() {
    return header.type();
  }

  /** Returns what is known of them, if there are notes beside the file. */
  public Optional<VectorNotes> notes() {
    return notes;
  }

  @Override
  public void close() {
    arena.close();
  }
}
