package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.search.Int8Ranges;
import dev.kumiko.tools.vectors.VectorNotes;
import dev.kumiko.tools.vectors.VectorType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where vectors go, and in which format. */
final class VectorOutput {
  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "json (one object a line, the default), csv (numbers alone), npy (NumPy).")
  private VectorFormat format = VectorFormat.JSON;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write to FILE, which appears only when it is complete.")
  private Path file;

  @Option(
      names = "--force",
      description = "Let FILE replace a file that holds something else than such vectors.")
  private boolean force;

  /** Says early what would only turn out after all the work. */
  void check(VectorType type, Streams streams) throws IOException {
    if (type != VectorType.FLOAT32 && (format != VectorFormat.NPY || file == null)) {
      throw new UsageException(
          "--precision %s is for --format npy with --output FILE, beside which FILE.json says what the bytes mean"
              .formatted(Choice.name(type)));
    }
    if (format == VectorFormat.NPY && file == null && streams.terminals().out()) {
      throw new UsageException("npy is no format for a terminal; use --output FILE or a pipe");
    }
    if (file != null && !force) {
      String kind = "vectors in the format " + Choice.name(format);
      Replaceable.check(file, kind, format::began, "name another file, or replace it with --force");
    }
  }

  /** Does the work that makes vectors, and keeps them only if it succeeds. */
  void write(Streams streams, Work work) throws IOException {
    if (file == null && format != VectorFormat.NPY) {
      VectorWriter writer = new TextVectors(streams.out(), format == VectorFormat.JSON);
      work.run(writer);
      writer.finish();
      return;
    }
    if (file == null) {
      try (SeekableByteChannel channel = AtomicFile.temporary()) {
        write(channel, work);
        Channels.newInputStream(channel.position(0)).transferTo(streams.out());
      }
      return;
    }
    try (AtomicFile target = AtomicFile.replacing(file)) {
      write(target.channel(), work);
      target.commit();
    }
  }

  /** Writes vectors of int8 or of bits, and what they mean beside them. */
  void writeCompact(VectorType type, Optional<Int8Ranges> ranges, Work work, Notes notes)
      throws IOException {
    try (AtomicFile target = AtomicFile.replacing(file)) {
      VectorWriter writer = new NpyVectors(target.channel(), type, ranges);
      work.run(writer);
      writer.finish();
      notes.get().write(file);
      target.commit();
    }
  }

  private void write(SeekableByteChannel channel, Work work) throws IOException {
    VectorWriter writer =
        format == VectorFormat.NPY
            ? new NpyVectors(channel)
            : new TextVectors(
                new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16),
                format == VectorFormat.JSON);
    work.run(writer);
    writer.finish();
  }

  /** Makes vectors. */
  @FunctionalInterface
  interface Work {
    /** Writes all vectors. */
    void run(VectorWriter writer) throws IOException;
  }

  /** Makes what is said of vectors that are all written. */
  @FunctionalInterface
  interface Notes {
    /** Returns it. */
    VectorNotes get() throws IOException;
  }
}
