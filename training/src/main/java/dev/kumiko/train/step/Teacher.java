package dev.kumiko.train.step;

import dev.kumiko.train.data.Batch;
import dev.kumiko.train.loss.SentenceVectors;
import java.io.IOException;
import java.util.List;

/** Says what the vectors of a batch should be. */
public interface Teacher {
  /** Nobody says so. */
  Teacher NONE =
      new Teacher() {
        @Override
        public List<SentenceVectors> targets(Batch batch) {
          return List.of();
        }

        @Override
        public String identity() {
          return "none";
        }
      };

  /**
   * Returns the vectors for each column, or one for all columns.
   *
   * @throws IOException if they cannot be read
   */
  List<SentenceVectors> targets(Batch batch) throws IOException;

  /** Returns who it is: two that say the same say the same of every text. */
  String identity();
}
