package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An open model file, or any other valid safetensors file: metadata and tensors by name. Everything
 * the header says has been checked against the <a
 * href="https://github.com/huggingface/safetensors#format">specification</a> and the size of the
 * file before it is handed out.
 *
 * <p>Safe to share between threads. The tensors are views that live until {@link #close}. What
 * others write into a mapped file shows in them, and what they cut off gives an {@link
 * InternalError}; {@link #state} tells that it happened. Whoever replaces a model writes a new file
 * and renames it over the old one, as {@link ModelWriter} does.
 */
public final class ModelFile implements AutoCloseable {
  private static final int NAMES_IN_MESSAGE = 4;

  private final String source;
  private final long size;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors;

  /** The file that is mapped, or null. */
  private final Path container;

  private final MappedState state;

  /** Where in the container the tensors begin. */
  private final long dataOffset;

  private ModelFile(
      String source,
      Header header,
      Arena arena,
      MemorySegment data,
      Path container,
      MappedState state,
      long dataOffset) {
    this.source = source;
    this.size = header.dataStart() + header.dataSize();
    this.arena = arena;
    this.metadata = header.metadata();
    this.container = container;
    this.state = state;
    this.dataOffset = dataOffset;
    Map<String, Tensor> views = LinkedHashMap.newLinkedHashMap(header.entries().size());
    MemorySegment readOnly = data.asReadOnly();
    for (Header.Entry entry : header.entries()) {
      MemorySegment bytes = readOnly.asSlice(entry.begin(), entry.end() - entry.begin());
      views.put(entry.name(), new Tensor(source, entry, bytes));
    }
    this.tensors = Collections.unmodifiableMap(views);
  }

  private ModelFile(ModelFile whole, Arena arena, Map<String, Tensor> tensors) {
    this.source = whole.source;
    this.size = whole.size;
    this.arena = arena;
    this.metadata = whole.metadata;
    this.container = whole.container;
    this.state = whole.state;
    this.dataOffset = whole.dataOffset;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens a file by mapping it into memory, so that its pages are read when they are first touched
   * and shared with other processes. A file of another file system than the default one, such as
   * inside a ZIP file, cannot be mapped and is read into memory outside the Java heap.
   *
   * @param file the file
   * @return the model; to be closed
   * @throws ModelFormatException if the file is not a valid safetensors file
   * @throws InterruptedIOException if the calling thread is interrupted
   * @throws IOException if the file cannot be read
   */
  public static ModelFile open(Path file) throws IOException {
    requireRegular(file);
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      try (InputStream in = Files.newInputStream(file)) {
        return read(in, file.toString());
      }
    }
    MappedState state = MappedState.of(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return map(channel, file, state, file.toString(), 0, channel.size());
    } catch (ClosedByInterruptException e) {
      throw interrupted(file, e);
    }
  }

  /** Channels close themselves then, and say nothing. */
  private static InterruptedIOException interrupted(Path file, ClosedByInterruptException cause) {
    InterruptedIOException e =
        new InterruptedIOException(
            file + ": is not loaded, because the calling thread is interrupted");
    e.initCause(cause);
    return e;
  }

  /**
   * Opens a model that lies inside another file, such as a stored entry of a JAR, by mapping that
   * part of it into memory. Byte offsets in messages count from the model's first byte.
   *
   * @param container the file
   * @param offset where in the file the model begins; any number will do
   * @param length the model's size in bytes
   * @return the model; to be closed
   * @throws ModelFormatException if the part is not a valid safetensors file
   * @throws IOException if the file cannot be read
   */
  public static ModelFile open(Path container, long offset, long length) throws IOException {
    requireRegular(container);
    MappedState state = MappedState.of(container);
    try (FileChannel channel = FileChannel.open(container, StandardOpenOption.READ)) {
      long size = channel.size();
      if (offset < 0 || length < 0 || length > size - offset) {
        throw new ModelFormatException(
            Reason.DATA_TRUNCATED,
            String.format(
                "%s: has %d bytes, too few for a model of %d bytes at byte %d",
                container, size, length, offset));
      }
      String source = container + " at byte " + offset;
      return map(channel, container, state, source, offset, length);
    } catch (ClosedByInterruptException e) {
      throw interrupted(container, e);
    }
  }

  /**
   * Reads a model from a stream into memory outside the Java heap, in steps, so that a stream that
   * ends early costs no more memory than twice what it held. Does not close the stream.
   *
   * @param in the model and nothing after it
   * @param name the model's name for messages
   * @return the model; to be closed
   * @throws ModelFormatException if the stream is not a valid safetensors file
   * @throws IOException if the stream cannot be read
   */
  public static ModelFile read(InputStream in, String name) throws IOException {
    int length = Header.length(name, in.readNBytes(Header.PREFIX));
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw Header.truncated(name, length, bytes.length);
    }
    Header header = Header.parse(name, bytes);
    StreamMemory memory = new StreamMemory();
    try {
      long present = memory.fill(in, header.dataSize());
      if (present < header.dataSize()) {
        throw header.dataTruncated(name, header.dataStart() + present);
      }
      if (in.read() >= 0) {
        throw header.trailingData(name, "there is more");
      }
    } catch (IOException | RuntimeException | Error e) {
      memory.close();
      throw e;
    }
    return new ModelFile(
        name, header, memory.arena(), memory.segment(), null, MappedState.inMemory(), 0);
  }

  /**
   * {@return a file of some of these tensors, in memory of its own: this one can be closed, and
   * with it everything that is needed no more} Tensors of a mapped file are mapped, others are
   * copied.
   *
   * @param names tensors of this file
   * @throws ModelFormatException if there is none of a name
   * @throws IOException if the file cannot be mapped again, or is no longer the one it was
   */
  public ModelFile retaining(Collection<String> names) throws IOException {
    state
        .requireSame(); // a file that was cut short could not be mapped, and Java would not say why
    Arena own = Arena.ofShared();
    try {
      Map<String, Tensor> retained = LinkedHashMap.newLinkedHashMap(names.size());
      for (String name : names) {
        Tensor tensor = tensor(name);
        MemorySegment bytes = container == null ? copy(tensor, own) : map(tensor, own);
        retained.put(name, tensor.at(bytes.asReadOnly()));
      }
      state.requireSame();
      return new ModelFile(this, own, retained);
    } catch (IOException | RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private MemorySegment map(Tensor tensor, Arena own) throws IOException {
    try (FileChannel channel = FileChannel.open(container, StandardOpenOption.READ)) {
      long offset = dataOffset + tensor.begin();
      return channel.map(MapMode.READ_ONLY, offset, tensor.data().byteSize(), own);
    } catch (ClosedByInterruptException e) {
      throw interrupted(container, e);
    }
  }

  private static MemorySegment copy(Tensor tensor, Arena own) {
    return own.allocate(tensor.data().byteSize(), Long.BYTES).copyFrom(tensor.data());
  }

  /** {@return the path or name of the file, for messages} */
  public String source() {
    return source;
  }

  /** {@return what the file was like when it was opened} */
  public MappedState state() {
    return state;
  }

  /**
   * Says what it means when reading a tensor ended in an error of the JVM: a mapped page is no
   * longer there, since somebody has cut the file short, or its storage fails.
   *
   * @param fault what the JVM threw
   * @return the exception to throw
   * @throws InternalError the same, if it is about something else
   */
  public IOException unreadable(InternalError fault) {
    if (container == null || !String.valueOf(fault.getMessage()).contains("memory access")) {
      throw fault;
    }
    String what = state.change().orElse(source + ": its storage fails");
    return new IOException(what + " while it was being read; load it again", fault);
  }

  /** {@return the size of the model in bytes} */
  public long size() {
    return size;
  }

  /** {@return the metadata in the order of the header, unmodifiable} */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** {@return all tensors by name in the order of their bytes in the file, unmodifiable} */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * {@return a tensor}
   *
   * @param name its name
   * @throws ModelFormatException if there is none of that name
   */
  public Tensor tensor(String name) throws ModelFormatException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new ModelFormatException(
          Reason.MISSING_TENSOR,
          source + ": has no tensor " + Quoted.of(name) + "; " + inventory(),
          -1,
          name);
    }
    return tensor;
  }

  /**
   * {@return a tensor, or empty if there is none of that name}
   *
   * @param name its name
   */
  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /**
   * Frees the memory. Closing again does nothing.
   *
   * @throws IllegalStateException if another thread is copying from a tensor just now
   */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private String inventory() {
    if (tensors.isEmpty()) {
      return "it has none at all";
    }
    String names =
        String.join(
            ", ", tensors.keySet().stream().limit(NAMES_IN_MESSAGE).map(Quoted::of).toList());
    String rest = tensors.size() > NAMES_IN_MESSAGE ? ", ..." : "";
    return "it has " + tensors.size() + ": " + names + rest;
  }

  private static void requireRegular(Path file) throws IOException {
    if (Files.notExists(file)) {
      throw new NoSuchFileException(file.toString(), null, "no such file");
    }
    if (!Files.isRegularFile(file)) {
      String kind = Files.isDirectory(file) ? "a directory" : "no regular file";
      throw new IOException(file + ": is " + kind + ", expected a model file");
    }
  }

  private static ModelFile map(
      FileChannel channel, Path container, MappedState state, String source, long offset, long size)
      throws IOException {
    byte[] prefix = read(channel, offset, (int) Math.min(Header.PREFIX, size));
    int length = Header.length(source, prefix);
    if (length > size - Header.PREFIX) {
      throw Header.truncated(source, length, size - Header.PREFIX);
    }
    Header header = Header.parse(source, read(channel, offset + Header.PREFIX, length));
    header.checkFileSize(source, size);
    Arena arena = Arena.ofShared();
    try {
      long dataOffset = offset + header.dataStart();
      MemorySegment data = channel.map(MapMode.READ_ONLY, dataOffset, header.dataSize(), arena);
      state.requireSame();
      return new ModelFile(source, header, arena, data, container, state, dataOffset);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static byte[] read(FileChannel channel, long offset, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new EOFException("the file was shortened while it was read");
      }
    }
    return buffer.array();
  }
}
