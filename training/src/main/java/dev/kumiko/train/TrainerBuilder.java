package dev.kumiko.train;

import dev.kumiko.format.ModelDescription;
import dev.kumiko.tokenize.Tokenizer;
import dev.kumiko.train.data.BatchOptions;
import dev.kumiko.train.data.DataFile;
import dev.kumiko.train.evaluate.Evaluator;
import dev.kumiko.train.loss.Loss;
import dev.kumiko.train.model.Memory;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.run.LoraSettings;
import dev.kumiko.train.step.Objective;
import dev.kumiko.train.step.PairObjective;
import dev.kumiko.train.step.PassSize;
import dev.kumiko.train.step.Teacher;
import dev.kumiko.train.step.VectorObjective;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Options of a {@link Trainer}; data and a loss are needed. For one thread. */
public final class TrainerBuilder {
  private final List<DataFile> data = new ArrayList<>();
  private TrainingSettings settings = TrainingSettings.DEFAULT;
  private BatchOptions batches;
  private int batchSize = 16;
  private ObjectiveSource objective;
  private Evaluator evaluator;
  private TrainingListener listener = new TrainingListener() {};
  private LoraSettings lora;
  private int threads = Runtime.getRuntime().availableProcessors();
  private OptionalInt maxTokens = OptionalInt.empty();
  private Memory memory = Memory.KEEP;
  private PassSize passes = PassSize.WHOLE;
  private boolean resumes;

  /** Makes what is learnt of a model that was opened; for Kumiko's own commands. */
  @SuppressWarnings("exports")
  @FunctionalInterface
  public interface ObjectiveSource {
    /**
     * Makes it.
     *
     * @param model the model that learns
     * @param tokenizer the model's
     * @param maxTokens texts are cut to so many
     * @param passes how much goes through the model at a time
     * @return what is learnt
     * @throws IOException if a teacher cannot be read
     */
    Objective of(TrainableModel model, Tokenizer tokenizer, int maxTokens, PassSize passes)
        throws IOException;
  }

  TrainerBuilder() {}

  /**
   * Adds a file to learn from. It stays the caller's, to be closed after the training.
   *
   * @param file what to learn from
   * @return this builder
   */
  public TrainerBuilder data(DataFile file) {
    data.add(file);
    return this;
  }

  /**
   * Sets the loss: on the vectors of an embedding model, on the raw scores of a classifier or
   * reranker.
   *
   * @param loss what to make small
   * @return this builder
   */
  public TrainerBuilder loss(Loss loss) {
    return loss(loss, Teacher.NONE);
  }

  /**
   * Sets a loss on the vectors of an embedding model and those of a teacher.
   *
   * @param loss what to make small
   * @param teacher what the vectors are compared with
   * @return this builder
   */
  @SuppressWarnings("exports") // For Kumiko's own commands.
  public TrainerBuilder loss(Loss loss, Teacher teacher) {
    return objective(
        (model, tokenizer, tokens, passSize) -> {
          boolean scores = model.description().classifier().isPresent();
          if (scores != loss.isOfScores()) {
            throw new IllegalArgumentException(
                scores
                    ? "%s compares vectors, but the model is a classifier or reranker, which has scores; cross-entropy and binary-cross-entropy are for it"
                        .formatted(loss.name())
                    : "%s is for classifiers and rerankers, but the model is an embedding model, which has vectors and no scores"
                        .formatted(loss.name()));
          }
          return scores
              ? new PairObjective(model, tokenizer, tokens, loss, passSize)
              : new VectorObjective(model, tokenizer, tokens, loss, teacher, passSize);
        });
  }

  /**
   * Sets what is learnt, where it is no loss on vectors.
   *
   * @param source makes it of the model
   * @return this builder
   */
  public TrainerBuilder objective(ObjectiveSource source) {
    this.objective = source;
    return this;
  }

  /**
   * Sets how the run goes; the default is {@link TrainingSettings#DEFAULT}.
   *
   * @param value what is set
   * @return this builder
   */
  public TrainerBuilder settings(TrainingSettings value) {
    this.settings = value;
    return this;
  }

  /**
   * Sets the number of examples in a batch; the default is 16, in random order.
   *
   * @param size 1 or more
   * @return this builder
   */
  public TrainerBuilder batchSize(int size) {
    this.batchSize = size;
    return this;
  }

  /**
   * Sets how batches are put together; size and seed are then those given here.
   *
   * @param options of which size and seed count, too
   * @return this builder
   */
  public TrainerBuilder batches(BatchOptions options) {
    this.batches = options;
    return this;
  }

  /**
   * Evaluates the model now and then, and keeps the best one.
   *
   * @param value what is set
   * @return this builder
   */
  public TrainerBuilder evaluator(Evaluator value) {
    this.evaluator = value;
    return this;
  }

  /**
   * Is told how the run goes.
   *
   * @param value what is set
   * @return this builder
   */
  public TrainerBuilder listener(TrainingListener value) {
    this.listener = value;
    return this;
  }

  /**
   * Changes matrices by products of thin ones, and nothing else; they are merged in the result.
   *
   * @param rank of the change
   * @param alpha the change is multiplied by alpha / rank
   * @param names in whose name this is found
   * @return this builder
   */
  public TrainerBuilder lora(int rank, double alpha, Pattern names) {
    this.lora = new LoraSettings(rank, alpha, names);
    return this;
  }

  /**
   * Sets the number of threads; the default is one for each processor.
   *
   * @param count 1 or more
   * @return this builder
   */
  public TrainerBuilder threads(int count) {
    this.threads = count;
    return this;
  }

  /**
   * Cuts texts to so many tokens, at most the model's own limit, which is the default.
   *
   * @param tokens special tokens included
   * @return this builder
   */
  public TrainerBuilder maxTokens(int tokens) {
    this.maxTokens = OptionalInt.of(tokens);
    return this;
  }

  /**
   * Computes a layer's activations again in the way back instead of keeping them.
   *
   * @param value what is set
   * @return this builder
   */
  public TrainerBuilder recompute(boolean value) {
    this.memory = value ? Memory.RECOMPUTE : Memory.KEEP;
    return this;
  }

  /**
   * Sends at most so many texts through the model at a time, so that a batch of any size takes no
   * more memory than they do (GradCache); 0 for whole batches, the default.
   *
   * @param texts 0 or more
   * @return this builder
   */
  public TrainerBuilder textsPerPass(int texts) {
    this.passes = new PassSize(texts);
    return this;
  }

  /**
   * Goes on where an interrupted run ended, if there is one; the default is to begin again.
   *
   * @param value what is set
   * @return this builder
   */
  public TrainerBuilder resume(boolean value) {
    this.resumes = value;
    return this;
  }

  /**
   * Makes the trainer.
   *
   * @return the trainer
   * @throws IllegalStateException if there are no data or no loss
   */
  public Trainer build() {
    if (data.isEmpty() || objective == null) {
      throw new IllegalStateException(
          data.isEmpty() ? "There are no data to learn from" : "There is no loss to learn by");
    }
    return new Trainer(this);
  }

  int threads() {
    return threads;
  }

  Memory memory() {
    return memory;
  }

  boolean resumes() {
    return resumes;
  }

  List<DataFile> data() {
    return data;
  }

  TrainingSettings settings() {
    return settings;
  }

  TrainingListener listener() {
    return listener;
  }

  Optional<LoraSettings> lora() {
    return Optional.ofNullable(lora);
  }

  Optional<Evaluator> evaluator() {
    return Optional.ofNullable(evaluator);
  }

  int maxTokens(ModelDescription model) {
    int tokens = maxTokens.orElse(model.maxTokens());
    if (tokens < 1 || tokens > model.maxTokens()) {
      throw new IllegalArgumentException(
          "Texts are cut to %,d tokens, expected 1 to the model's %,d"
              .formatted(tokens, model.maxTokens()));
    }
    return tokens;
  }

  Objective objective(TrainableModel model, Tokenizer tokenizer, int tokens) throws IOException {
    return objective.of(model, tokenizer, tokens, passes);
  }

  BatchOptions batches() {
    return batches != null ? batches : BatchOptions.of(batchSize, settings.seed());
  }
}
