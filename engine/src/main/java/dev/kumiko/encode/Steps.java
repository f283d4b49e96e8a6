package dev.kumiko.encode;

import dev.kumiko.kernel.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a pass together from what has to happen, one after another, so that all threads meet between
 * two steps and nowhere else. What a thread does with its own rows needs no meeting.
 */
final class Steps {
  private final Division division;
  private final List<Step> steps = new ArrayList<>();
  private boolean open;

  /** Begins without a step. */
  Steps(Division division) {
    this.division = division;
  }

  /** Adds what is done for the rows of a share, and reads no others. */
  void rows(Step step) {
    if (open) {
      steps.add(steps.removeLast().then(step));
    } else {
      steps.add(step);
    }
    open = true;
  }

  /** What follows reads what other threads have written. */
  void meet() {
    open = false;
  }

  /** What follows writes over what other threads read. */
  void meetBeforeWriting() {
    if (division == Division.MANY_ROWS) {
      meet();
    }
  }

  /**
   * Adds a linear layer.
   *
   * @param x its input {@code [rows][inputs]}
   * @param y its output {@code [rows][outputs]}
   */
  void product(Linear linear, Function<Workspace, float[]> x, Function<Workspace, float[]> y) {
    if (byOutputs()) {
      outputs(
          (share, w) ->
              linear.apply(
                  x.apply(w),
                  0,
                  w.texts().rows(),
                  share.firstOutput(linear),
                  share.endOutput(linear),
                  y.apply(w),
                  0,
                  share.scratch()));
    } else {
      rows(
          (share, w) ->
              linear.apply(
                  x.apply(w),
                  share.first() * linear.inputs(),
                  share.rows(),
                  y.apply(w),
                  share.first() * linear.outputs(),
                  share.scratch()));
    }
  }

  /** Adds what is done for the outputs of a share, for all rows. */
  void outputs(Step step) {
    steps.add(step);
    open = false;
  }

  /** Returns whether linear layers are divided by outputs. */
  boolean byOutputs() {
    return division == Division.OUTPUTS;
  }

  /** Returns all, in order. */
  List<Step> list() {
    return List.copyOf(steps);
  }
}
