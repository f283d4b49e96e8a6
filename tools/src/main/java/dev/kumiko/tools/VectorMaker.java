package dev.kumiko.tools;

import dev.kumiko.Embedder;
import dev.kumiko.Prompt;
import dev.kumiko.format.AtomicFile;
import dev.kumiko.model.Similarity;
import dev.kumiko.search.ExactSearch;
import dev.kumiko.search.VectorSource;
import dev.kumiko.tools.vectors.NpyFile;
import dev.kumiko.tools.vectors.VectorNotes;
import dev.kumiko.train.data.FileHash;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes vectors of texts, in files that are mapped, so that memory does not follow their number;
 * vectors that a file has already are not made again.
 */
final class VectorMaker implements AutoCloseable {
  private final EmbedderOptions options;
  private final Streams streams;
  private final List<NpyFile> files = new ArrayList<>();
  private final List<Path> temporary = new ArrayList<>();
  private Embedder embedder;
  private String model;

  VectorMaker(EmbedderOptions options, Streams streams) {
    this.options = options;
    this.streams = streams;
  }

  /** Returns the vectors of lines, see {@link #vectors(TextSource, long, String, Path, Prompt)}. */
  VectorSource vectors(TextLines lines, Path kept) throws IOException {
    return vectors(lines.source(), lines.count(), FileHash.ofLines(lines.texts()), kept, null);
  }

  /**
   * Returns the vectors of texts, which stay readable until this is closed.
   *
   * @param count number of texts
   * @param hash what these texts are told from others by
   * @param kept where the vectors are, or will be; null to forget them
   * @param prompt null for what the options say
   * @throws IOException if the file has the vectors of another model or of other texts
   */
  VectorSource vectors(TextSource texts, long count, String hash, Path kept, Prompt prompt)
      throws IOException {
    if (kept != null && Files.exists(kept)) {
      return open(kept, count, hash, prompt);
    }
    Path file = kept;
    if (kept == null) {
      file = Files.createTempFile("kumiko", ".npy");
      temporary.add(file);
      file.toFile().deleteOnExit();
    }
    int dimension = write(texts, file, prompt);
    if (kept != null) {
      new VectorNotes(model(), settings(prompt), hash, count, dimension, Optional.empty())
          .write(kept);
    }
    return map(file).vectors();
  }

  private int write(TextSource texts, Path file, Prompt prompt) throws IOException {
    try (AtomicFile target = AtomicFile.replacing(file)) {
      SeekableByteChannel channel = target.channel();
      VectorWriter writer = new NpyVectors(channel);
      BatchEmbedder.run(embedder(), prompt, texts, streams, writer::write);
      writer.finish();
      target.commit();
    }
    return embedder().dimension();
  }

  private NpyFile map(Path file) throws IOException {
    NpyFile opened = NpyFile.open(file);
    files.add(opened);
    return opened;
  }

  private VectorSource open(Path file, long count, String hash, Prompt prompt) throws IOException {
    NpyFile opened = map(file);
    VectorSource vectors = opened.vectors();
    if (vectors.count() != count) {
      throw new CommandFailedException(
          "%s: has %,d vectors, but there are %,d texts; name another file, or remove this one"
              .formatted(file, vectors.count(), count));
    }
    if (opened.notes().isEmpty()) {
      streams.say(
          "warning: %s is not there, so nobody knows which model made the vectors of %s"
              .formatted(VectorNotes.path(file), file));
      return vectors;
    }
    VectorNotes notes = opened.notes().get();
    requireSame(file, "model file", notes.model(), model());
    requireSame(file, "settings", notes.settings(), settings(prompt));
    requireSame(file, "texts", notes.texts(), hash);
    return vectors;
  }

  private static void requireSame(Path file, String what, String stored, String wanted)
      throws IOException {
    if (!stored.equals(wanted)) {
      throw new CommandFailedException(
          "%s: its vectors were made with other %s (%s) than these (%s); name another file, or remove this one"
              .formatted(file, what, brief(stored), brief(wanted)));
    }
  }

  private static String brief(String value) {
    return value.matches("[0-9a-f]{64}") ? value.substring(0, 12) : value;
  }

  /** Returns how the model is used. */
  String settings(Prompt prompt) {
    String name = prompt == null ? "" : prompt.equals(Prompt.QUERY) ? ", query" : ", document";
    return options.settings() + name;
  }

  /** Returns SHA-256 of the model file. */
  String model() throws IOException {
    if (model == null) {
      model = options.modelHash();
    }
    return model;
  }

  /** Returns the model, loaded when it is first asked for. */
  Embedder embedder() throws IOException {
    if (embedder == null) {
      embedder = options.load(streams);
    }
    return embedder;
  }

  /** Requires that two sets of vectors can be compared. */
  static void requireSameDimension(Path first, VectorSource a, Path second, VectorSource b)
      throws IOException {
    if (a.dimension() != b.dimension()) {
      throw new CommandFailedException(
          "the vectors of %s have %,d components, but those of %s have %,d; were they made by different models?"
              .formatted(first, a.dimension(), second, b.dimension()));
    }
  }

  /** Returns a search that reports to the terminal. */
  ExactSearch search(Similarity similarity, Progress progress) {
    return ExactSearch.by(similarity, options.threads()).reporting(progress::update);
  }

  /** Returns how the model's vectors are compared. */
  Similarity similarity() throws IOException {
    return embedder().model().similarity();
  }

  @Override
  public void close() throws IOException {
    files.forEach(NpyFile::close);
    for (Path file : temporary) {
      Files.deleteIfExists(file);
    }
    if (embedder != null) {
      embedder.close();
    }
  }
}
