package dev.kumiko.train;

import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param complete whether all steps were done; if not, it was stopped and can be resumed
 * @param step number of steps that were done
 * @param steps number of steps of the run
 * @param firstScore of the model as it was; empty without an evaluator
 * @param score of the model that was written; empty without an evaluator
 * @param scoreStep after so many steps it was as it was written
 */
public record TrainingResult(
    boolean complete,
    long step,
    long steps,
    OptionalDouble firstScore,
    OptionalDouble score,
    long scoreStep) {}
