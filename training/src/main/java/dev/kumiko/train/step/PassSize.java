package dev.kumiko.train.step;

import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.model.TrainableModel;

/**
 * How many texts go through the model at a time.
 *
 * @param texts 0 for a whole batch; otherwise batches with more are computed in parts, which takes
 *     less memory and another forward pass, see {@link BatchGradients}
 */
public record PassSize(int texts) {
  /** Whole batches. */
  public static final PassSize WHOLE = new PassSize(0);

  /** Checks the number. */
  public PassSize {
    if (texts < 0) {
      throw new IllegalArgumentException("%,d texts in a pass".formatted(texts));
    }
  }

  BatchGradients gradients(TrainableModel model, Loss loss) {
    return texts == 0
        ? BatchGradients.whole(model, loss)
        : BatchGradients.cached(model, loss, texts);
  }
}
