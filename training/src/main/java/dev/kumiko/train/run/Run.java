package dev.kumiko.train.run;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.train.StepReport;
import dev.kumiko.train.TrainingException;
import dev.kumiko.train.TrainingListener;
import dev.kumiko.train.TrainingResult;
import dev.kumiko.train.TrainingSettings;
import dev.kumiko.train.data.Batch;
import dev.kumiko.train.data.Batches;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.step.Objective;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/**
 * The steps of a run from the first or from a checkpoint to the last. A run that was stopped or
 * killed and goes on writes the bytes of one that was never stopped. For one thread.
 */
public final class Run implements AutoCloseable {
  private final TrainableModel model;
  private final Batches batches;
  private final Objective objective;
  private final TrainingSettings settings;
  private final Optional<Evaluation> evaluation;
  private final RunFolder folder;
  private final TrainingListener listener;
  private final long steps;
  private final Learning learning;
  private final Map<String, String> identity;

  private RunLog log;
  private BestModel best = BestModel.NONE;
  private long tokens;
  private double seconds;

  /**
   * Begins before the first step.
   *
   * @param modelHash of the file that the model was read from
   */
  public Run(
      TrainableModel model,
      String modelHash,
      Batches batches,
      Objective objective,
      TrainingSettings settings,
      Optional<LoraSettings> lora,
      Optional<Evaluation> evaluation,
      RunFolder folder,
      TrainingListener listener) {
    this.model = model;
    this.batches = batches;
    this.objective = objective;
    this.settings = settings;
    this.evaluation = evaluation;
    this.folder = folder;
    this.listener = listener;
    this.steps = steps(settings, batches.batchesPerEpoch());
    this.learning = new Learning(model, objective, settings, lora, steps);
    this.identity = new LinkedHashMap<>();
    identity.put("model", modelHash);
    identity.put("objective", objective.identity());
    identity.put("settings", settings.toString());
    identity.put("lora", lora.map(LoraSettings::toString).orElse("none"));
    identity.put("evaluation", evaluation.map(Evaluation::identity).orElse("none"));
  }

  private static long steps(TrainingSettings settings, long batchesPerEpoch) {
    if (settings.steps() > 0) {
      return settings.steps();
    }
    double all = settings.epochs() * batchesPerEpoch / settings.accumulation();
    return Math.max(1, (long) Math.ceil(all - 1e-9));
  }

  /**
   * Does the steps and writes the model.
   *
   * @param resume whether to go on where a checkpoint ended, if there is one
   * @param stopped asked between two steps; a run that is stopped saves and ends
   * @throws TrainingException if the loss or the gradient is no finite number
   */
  public TrainingResult run(Path target, boolean resume, BooleanSupplier stopped)
      throws IOException {
    folder.create();
    begin(resume);
    while (learning.adamW().steps() < steps) {
      if (stopped.getAsBoolean()) {
        save();
        return result(false);
      }
      step();
      long done = learning.adamW().steps();
      boolean last = done == steps;
      if (last || every(settings.evaluateEvery(), done)) {
        evaluate(done);
      }
      if (!last && every(settings.saveEvery(), done)) {
        save();
      }
    }
    write(target);
    folder.removeState();
    return result(true);
  }

  private static boolean every(long interval, long step) {
    return interval > 0 && step % interval == 0;
  }

  private void begin(boolean resume) throws IOException {
    if (resume && Files.exists(folder.checkpoint())) {
      Checkpoint saved = Checkpoint.restore(folder.checkpoint(), identity, learning.adamW());
      batches.restore(Base64.getDecoder().decode(saved.position()));
      best = saved.best();
      log = RunLog.open(folder.log(), saved.logSize());
      learning.refresh();
      listener.resumed(saved.step());
      return;
    }
    folder.removeState();
    log = RunLog.open(folder.log(), 0);
    evaluate(0);
  }

  private void step() throws IOException {
    long start = System.nanoTime();
    double rate = learning.rate();
    double loss = 0;
    List<Batch> own = new ArrayList<>();
    for (int i = 0; i < settings.accumulation(); i++) {
      Batch batch = next();
      own.add(batch);
      Objective.Added added = objective.add(batch, 1.0 / settings.accumulation());
      requireFinite("loss", added.loss(), own);
      loss += added.loss() / settings.accumulation();
      tokens += added.tokens();
    }
    double norm = learning.step();
    requireFinite("length of the gradient", norm, own);
    seconds += (System.nanoTime() - start) * 1e-9;
    long done = learning.adamW().steps();
    double epoch = (double) done * settings.accumulation() / batches.batchesPerEpoch();
    StepReport report = new StepReport(done, steps, epoch, loss, rate, norm, tokens, seconds);
    log.step(report);
    listener.stepped(report);
  }

  private Batch next() throws IOException {
    Optional<Batch> batch = batches.next();
    return batch.isPresent() ? batch.get() : batches.next().orElseThrow();
  }

  private void requireFinite(String what, double value, List<Batch> own) throws IOException {
    if (Double.isFinite(value)) {
      return;
    }
    List<String> places = new ArrayList<>();
    for (Batch batch : own) {
      places.addAll(batch.places());
    }
    throw new TrainingException(
        "step %,d: the %s is %s; %s; learnt from %s. The last checkpoint stays; a lower learning rate or another scale may help"
            .formatted(learning.adamW().steps() + 1, what, value, largestGradient(), places));
  }

  private String largestGradient() {
    String name = "";
    float largest = 0;
    for (Parameter parameter : learning.parameters()) {
      for (float g : parameter.gradient()) {
        if (!(Math.abs(g) <= largest)) {
          largest = Math.abs(g);
          name = parameter.name();
          if (Float.isNaN(g)) {
            return "the gradient of %s has a component that is no number".formatted(name);
          }
        }
      }
    }
    return largest == 0
        ? "no gradient was computed"
        : "the largest gradient is %s, of %s".formatted(largest, name);
  }

  private void evaluate(long step) throws IOException {
    if (evaluation.isEmpty()) {
      return;
    }
    SequencedMap<String, Double> scores = evaluation.get().of(model);
    double score = scores.firstEntry().getValue();
    if (step == 0) {
      best = best.first(score);
    }
    // The model as it was is not a result of training.
    boolean better = step > 0 && best.isBeatenBy(score);
    if (better) {
      best = best.beatenBy(score, step);
      model.save(folder.best());
    }
    log.scores(step, scores);
    listener.evaluated(step, scores, better);
  }

  private void save() throws IOException {
    Checkpoint checkpoint =
        new Checkpoint(
            learning.adamW().steps(),
            Base64.getEncoder().encodeToString(batches.position()),
            log.size(),
            best);
    checkpoint.write(folder.checkpoint(), identity, learning.adamW());
    listener.saved(checkpoint.step());
  }

  private void write(Path target) throws IOException {
    if (best.score().isPresent() && best.step() < steps) {
      try (AtomicFile file = AtomicFile.replacing(target)) {
        Files.copy(folder.best(), Channels.newOutputStream(file.channel()));
        file.commit();
      }
    } else {
      model.save(target);
    }
  }

  private TrainingResult result(boolean complete) {
    return new TrainingResult(
        complete,
        learning.adamW().steps(),
        steps,
        best.first(),
        best.score(),
        best.score().isPresent() ? best.step() : learning.adamW().steps());
  }

  @Override
  public void close() throws IOException {
    if (log != null) {
      log.close();
    }
  }
}
