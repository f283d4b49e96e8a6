package dev.kumiko.train.data;

import dev.kumiko.train.random.SeededRandom;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The batches of one file, epoch by epoch. */
final class FileBatches {
  /** So many examples times the batch's size are kept for later batches at most. */
  private static final int MOST_KEPT = 64;

  private final DataFile file;
  private final BatchOptions options;
  private final SeededRandom random;
  private final int[] order;
  private final List<Kept> kept = new ArrayList<>();
  private int next;
  private long dropped;
  private long shortBatches;

  /** An example that had a text in common with the batch it could have been in. */
  private record Kept(int number, Example example) {}

  /**
   * Begins with no epoch at all.
   *
   * @param random whose streams shuffle the epochs
   */
  FileBatches(DataFile file, BatchOptions options, SeededRandom random) {
    this.file = file;
    this.options = options;
    this.random = random;
    this.order = new int[file.size()];
  }

  /** Begins an epoch; what is left of the one before is not used. */
  void begin(int epoch) {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    if (options.shuffle()) {
      random.stream(epoch).shuffle(order, order.length);
    }
    next = 0;
    kept.clear();
  }

  /** Returns how many examples of this epoch have not been in a batch. */
  int left() {
    return order.length - next + kept.size();
  }

  /** Returns how many examples were in no batch because it would not have been full. */
  long dropped() {
    return dropped;
  }

  /** Returns how many batches were not full because of their duplicates. */
  long shortBatches() {
    return shortBatches;
  }

  /** Returns the next batch of this epoch, or nothing at its end. */
  Optional<Batch> next() throws IOException {
    while (left() > 0) {
      Batch batch = fill();
      if (batch.size() == options.size()) {
        return Optional.of(batch);
      }
      if (options.dropLast() && next == order.length) {
        dropped += batch.size();
      } else {
        shortBatches += left() > 0 ? 1 : 0;
        return Optional.of(batch);
      }
    }
    return Optional.empty();
  }

  private Batch fill() throws IOException {
    List<Integer> numbers = new ArrayList<>(options.size());
    List<Example> examples = new ArrayList<>(options.size());
    Set<String> texts = new HashSet<>();
    for (Iterator<Kept> i = kept.iterator(); i.hasNext() && examples.size() < options.size(); ) {
      Kept candidate = i.next();
      if (fits(candidate.example, texts)) {
        i.remove();
        numbers.add(candidate.number);
        examples.add(candidate.example);
      }
    }
    long most = (long) MOST_KEPT * options.size();
    while (examples.size() < options.size() && next < order.length && kept.size() < most) {
      int number = order[next];
      Example example = file.example(number);
      next++;
      if (fits(example, texts)) {
        numbers.add(number);
        examples.add(example);
      } else {
        kept.add(new Kept(number, example));
      }
    }
    return new Batch(file, numbers, examples);
  }

  /** Adds an example's texts if none of them is there. */
  private boolean fits(Example example, Set<String> texts) {
    if (!options.noDuplicates()) {
      return true;
    }
    for (String text : example.texts()) {
      if (texts.contains(text)) {
        return false;
      }
    }
    texts.addAll(example.texts());
    return true;
  }

  void save(DataOutputStream out) throws IOException {
    out.writeInt(next);
    out.writeLong(dropped);
    out.writeLong(shortBatches);
    out.writeInt(kept.size());
    for (Kept example : kept) {
      out.writeInt(example.number);
    }
  }

  /** Continues in an epoch that was begun. */
  void restore(DataInputStream in) throws IOException {
    next = in.readInt();
    dropped = in.readLong();
    shortBatches = in.readLong();
    int count = in.readInt();
    if (next < 0 || next > order.length || count < 0 || count > next) {
      throw new DataException(
          "the position in %s is damaged: %,d examples read and %,d kept of %,d"
              .formatted(file.file(), next, count, order.length));
    }
    kept.clear();
    for (int i = 0; i < count; i++) {
      int number = in.readInt();
      if (number < 0 || number >= order.length) {
        throw new DataException(
            "the position in %s is damaged: example %,d of %,d"
                .formatted(file.file(), number, order.length));
      }
      kept.add(new Kept(number, file.example(number)));
    }
  }
}
