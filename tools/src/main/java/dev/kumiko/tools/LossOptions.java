package dev.kumiko.tools;

import dev.kumiko.train.loss.AdditiveMarginSoftmax;
import dev.kumiko.train.loss.AnglE;
import dev.kumiko.train.loss.BinaryCrossEntropy;
import dev.kumiko.train.loss.CoSent;
import dev.kumiko.train.loss.CosineSimilarity;
import dev.kumiko.train.loss.CrossEntropy;
import dev.kumiko.train.loss.DistillKlDiv;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.loss.MarginMse;
import dev.kumiko.train.loss.Matryoshka;
import dev.kumiko.train.loss.MultipleNegativesRanking;
import java.util.List;
import picocli.CommandLine.Option;

/** What a model is trained by. */
final class LossOptions {
  /** The losses by their names. */
  enum Kind {
    COSENT,
    ANGLE,
    MNR,
    MNR_SYMMETRIC,
    AMS,
    COSINE,
    MARGIN_MSE,
    DISTILL_KL_DIV,
    CROSS_ENTROPY,
    BINARY_CROSS_ENTROPY;

    /** Whether other lines of a batch are the negatives. */
    boolean isInBatch() {
      return this == MNR || this == MNR_SYMMETRIC || this == AMS;
    }

    /** Whether only the order of the scores counts. */
    boolean isOfOrder() {
      return this == COSENT || this == ANGLE;
    }

    /** Returns how many texts a line has if nothing is said. */
    int texts() {
      return isOfTeachersScores() ? 3 : 2;
    }

    /** Returns how many scores or classes stand behind the texts if nothing is said. */
    int labels() {
      return isInBatch() ? 0 : this == DISTILL_KL_DIV ? 2 : 1;
    }

    private boolean isOfTeachersScores() {
      return this == MARGIN_MSE || this == DISTILL_KL_DIV;
    }

    private boolean hasScale() {
      return isInBatch() || isOfOrder();
    }
  }

  @Option(
      names = "--loss",
      required = true,
      paramLabel = "LOSS",
      description = {
        "For pairs with a score: cosent, angle (only the order of the scores counts),",
        "cosine (scores from 0 to 1, see --score-range).",
        "For pairs, triplets and more negatives: mnr, mnr-symmetric, ams.",
        "For a query, a positive and negatives with a teacher's scores: margin-mse (--score: a",
        "margin for each negative, or a score for each text), distill-kl-div (a score each).",
        "For classifiers and rerankers: cross-entropy, binary-cross-entropy."
      })
  private Kind kind;

  @Option(
      names = "--scale",
      paramLabel = "NUMBER",
      description = "What cosines are multiplied by: the inverse of a temperature; default 20.")
  private Double scale;

  @Option(
      names = "--margin",
      paramLabel = "NUMBER",
      description = "How much nearer the right text has to be, for ams; default 0.3.")
  private Double margin;

  @Option(
      names = "--matryoshka",
      paramLabel = "SIZE",
      split = ",",
      description = "Learn vectors that can be cut to these sizes, such as 384,192,96.")
  private List<Integer> sizes = List.of();

  Kind kind() {
    return kind;
  }

  /** Makes the loss. */
  Loss loss() {
    if (margin != null && kind != Kind.AMS) {
      throw new UsageException("--margin is for --loss ams, not for " + Choice.name(kind));
    }
    if (scale != null && !kind.hasScale()) {
      throw new UsageException("--loss %s has no --scale".formatted(Choice.name(kind)));
    }
    try {
      Loss loss = plain(scale == null ? MultipleNegativesRanking.SCALE : scale);
      if (loss.isOfScores() && !sizes.isEmpty()) {
        throw new UsageException(
            "--matryoshka cuts vectors, but --loss %s has none".formatted(Choice.name(kind)));
      }
      return sizes.isEmpty() ? loss : new Matryoshka(loss, cuts());
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private Loss plain(double factor) {
    return switch (kind) {
      case COSENT -> new CoSent(factor);
      case ANGLE -> new AnglE(factor);
      case MNR -> new MultipleNegativesRanking(factor, false);
      case MNR_SYMMETRIC -> new MultipleNegativesRanking(factor, true);
      case AMS ->
          new AdditiveMarginSoftmax(factor, margin == null ? AdditiveMarginSoftmax.MARGIN : margin);
      case COSINE -> new CosineSimilarity();
      case MARGIN_MSE -> new MarginMse();
      case DISTILL_KL_DIV -> new DistillKlDiv(1);
      case CROSS_ENTROPY -> new CrossEntropy();
      case BINARY_CROSS_ENTROPY -> new BinaryCrossEntropy();
    };
  }

  private List<Matryoshka.Cut> cuts() {
    return sizes.stream().map(size -> new Matryoshka.Cut(size, 1)).toList();
  }
}
