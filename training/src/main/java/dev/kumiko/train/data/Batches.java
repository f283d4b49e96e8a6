package dev.kumiko.train.data;

import dev.kumiko.train.random.SeededRandom;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Batches of one or several files, epoch after epoch without end. The same files, options and
 * position give the same batches. Beside the files' own 8 bytes an example, the order takes 4.
 *
 * <p>An order of all examples is kept rather than a buffer that is drawn from: every order is
 * equally likely, whatever order the file has, and a position in it is one number.
 *
 * <p>Does not close its files. Not safe for use by several threads.
 */
public final class Batches {
  private static final long ORDER_OF_FILES = -1;

  private final List<DataFile> files;
  private final BatchOptions options;
  private final SeededRandom random;
  private final List<FileBatches> parts = new ArrayList<>();
  private int epoch;
  private long drawn;
  private long unused;

  /**
   * Begins with the first epoch.
   *
   * @param files what to learn from
   * @param options how batches are put together
   * @throws DataException if no batch can be full and only full ones are wanted
   */
  public Batches(List<DataFile> files, BatchOptions options) throws DataException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file");
    }
    this.files = List.copyOf(files);
    this.options = options;
    this.random = new SeededRandom(options.seed());
    for (DataFile file : files) {
      if (options.dropLast() && file.size() < options.size()) {
        throw new DataException(
            "%s: has %,d examples, but a batch takes %,d and smaller ones are dropped"
                .formatted(file.file(), file.size(), options.size()));
      }
      parts.add(new FileBatches(file, options, random.stream(parts.size())));
    }
    begin();
  }

  private void begin() {
    drawn = 0;
    parts.forEach(part -> part.begin(epoch));
  }

  /** {@return the epoch of the next batch, from 0} */
  public int epoch() {
    return epoch;
  }

  /**
   * {@return the next batch, or nothing once at the end of an epoch; then the next one begins}
   *
   * @throws DataException if a file has changed since it was opened
   */
  public Optional<Batch> next() throws IOException {
    while (parts.stream().anyMatch(part -> part.left() > 0)) {
      Optional<Batch> batch = parts.get(source()).next();
      drawn++;
      if (batch.isPresent()) {
        return batch;
      }
      if (options.mixing() == Mixing.ROUND_ROBIN) {
        break;
      }
    }
    unused += parts.stream().mapToLong(FileBatches::left).sum();
    epoch++;
    begin();
    return Optional.empty();
  }

  private int source() {
    if (options.mixing() == Mixing.ROUND_ROBIN) {
      return (int) (drawn % parts.size());
    }
    long[] left = parts.stream().mapToLong(part -> batches(part.left(), false)).toArray();
    long sum = 0;
    for (long count : left) {
      sum += count;
    }
    SeededRandom draw = random.stream(ORDER_OF_FILES).stream(epoch).stream(drawn);
    long ticket = (long) (draw.nextDouble() * sum);
    int source = 0;
    while (ticket >= left[source]) {
      ticket -= left[source++];
    }
    return source;
  }

  private long batches(long examples, boolean full) {
    return full ? examples / options.size() : (examples + options.size() - 1) / options.size();
  }

  /**
   * {@return how many batches an epoch has: exactly, unless texts that stand in a batch already are
   * kept for later ones, which can make them more}
   */
  public long batchesPerEpoch() {
    long[] counts =
        files.stream().mapToLong(file -> batches(file.size(), options.dropLast())).toArray();
    long sum = 0;
    long fewest = Long.MAX_VALUE;
    int first = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += counts[i];
      first = counts[i] < fewest ? i : first;
      fewest = Math.min(fewest, counts[i]);
    }
    // In turn: the first file without another batch ends the epoch when it is asked for one.
    return options.mixing() == Mixing.ROUND_ROBIN ? fewest * counts.length + first : sum;
  }

  /** {@return how many examples were in no batch so far because it would not have been full} */
  public long dropped() {
    return parts.stream().mapToLong(FileBatches::dropped).sum();
  }

  /** {@return how many batches were not full so far because of duplicates} */
  public long shortBatches() {
    return parts.stream().mapToLong(FileBatches::shortBatches).sum();
  }

  /** {@return how many examples were left when an epoch ended with the smallest file so far} */
  public long unused() {
    return unused;
  }

  /** {@return the position before the next batch, for {@link #restore}} */
  public byte[] position() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (DataFile file : files) {
        out.writeUTF(file.identity());
      }
      out.writeUTF(options.toString());
      out.writeInt(epoch);
      out.writeLong(drawn);
      out.writeLong(unused);
      for (FileBatches part : parts) {
        part.save(out);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory can be written to", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Continues where a position was taken.
   *
   * @param position from {@link #position}, of a run with the same files and options
   * @throws DataException if it is of other files, columns or options, or damaged
   */
  public void restore(byte[] position) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(position))) {
      for (DataFile file : files) {
        if (!in.readUTF().equals(file.identity())) {
          throw new DataException(
              file.file()
                  + ": is not what the saved position is of: its bytes, its columns or the number of"
                  + " files differ");
        }
      }
      String saved = in.readUTF();
      if (!saved.equals(options.toString())) {
        throw new DataException(
            "the saved position is of other batches: %s, now %s".formatted(saved, options));
      }
      epoch = in.readInt();
      begin();
      drawn = in.readLong();
      unused = in.readLong();
      for (FileBatches part : parts) {
        part.restore(in);
      }
    } catch (EOFException e) {
      throw new DataException(
          "the saved position ends early, after %,d bytes".formatted(position.length));
    }
  }
}
