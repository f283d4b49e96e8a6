package dev.kumiko.train;

import java.util.SequencedMap;

/** Is told how a run goes, by the thread that trains. */
public interface TrainingListener {
  /**
   * A step was done.
   *
   * @param report what it came to
   */
  default void stepped(StepReport report) {}

  /**
   * The model was evaluated.
   *
   * @param step after so many steps, 0 for the model as it was
   * @param scores by name; models are compared by the first one
   * @param best whether no model of this run was better
   */
  default void evaluated(long step, SequencedMap<String, Double> scores, boolean best) {}

  /**
   * A checkpoint was written.
   *
   * @param step the number of steps done
   */
  default void saved(long step) {}

  /**
   * The run goes on where a checkpoint ended, after so many steps.
   *
   * @param step the number of steps done
   */
  default void resumed(long step) {}

  /**
   * {@return a listener that tells two others, one after the other}
   *
   * @param first is told first
   * @param second is told then
   */
  static TrainingListener both(TrainingListener first, TrainingListener second) {
    return new TrainingListener() {
      @Override
      public void stepped(StepReport report) {
        first.stepped(report);
        second.stepped(report);
      }

      @Override
      public void evaluated(long step, SequencedMap<String, Double> scores, boolean best) {
        first.evaluated(step, scores, best);
        second.evaluated(step, scores, best);
      }

      @Override
      public void saved(long step) {
        first.saved(step);
        second.saved(step);
      }

      @Override
      public void resumed(long step) {
        first.resumed(step);
        second.resumed(step);
      }
    };
  }
}
