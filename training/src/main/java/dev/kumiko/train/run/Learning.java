package dev.kumiko.train.run;

import dev.kumiko.format.TensorNames;
import dev.kumiko.train.TrainingSettings;
import dev.kumiko.train.lora.Lora;
import dev.kumiko.train.model.TrainableModel;
import dev.kumiko.train.optimize.AdamW;
import dev.kumiko.train.optimize.Optimizer;
import dev.kumiko.train.optimize.Rates;
import dev.kumiko.train.optimize.Schedule;
import dev.kumiko.train.parameter.Parameter;
import dev.kumiko.train.random.SeededRandom;
import dev.kumiko.train.step.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What learns in a run, and how a step changes it. */
final class Learning {
  private static final long LORA = 1;
  private static final String EMBEDDINGS = "embeddings.";

  private final TrainableModel model;
  private final double rate;
  private final Optional<Lora> lora;
  private final List<Parameter> parameters;
  private final Optimizer optimizer;

  Learning(
      TrainableModel model,
      Objective objective,
      TrainingSettings settings,
      Optional<LoraSettings> lora,
      long steps) {
    this.model = model;
    this.rate = settings.learningRate();
    freeze(model, settings.frozenLayers());
    SeededRandom random = new SeededRandom(settings.seed()).stream(LORA);
    this.lora =
        lora.map(l -> Lora.attach(model.parameters(), l.names(), l.rank(), l.alpha(), random));
    List<Parameter> all =
        new ArrayList<>(this.lora.map(Lora::parameters).orElse(model.parameters()));
    all.addAll(objective.parameters());
    Rates rates = rates(settings);
    this.parameters = rates.freeze(all);
    this.optimizer =
        new Optimizer(
            parameters,
            rates,
            Schedule.of(settings.shape(), settings.warmup(), steps),
            AdamW.Settings.weightDecay(settings.weightDecay()),
            settings.largestNorm());
  }

  /** Freezes the embeddings and the first layers. */
  private static void freeze(TrainableModel model, int layers) {
    if (layers > model.layers()) {
      throw new IllegalArgumentException(
          "%d layers are to stay as they are, but the model has %d"
              .formatted(layers, model.layers()));
    }
    for (Parameter parameter : model.parameters()) {
      boolean below =
          parameter.name().startsWith(EMBEDDINGS)
              || TensorNames.layer(parameter.name()).orElse(model.layers()) < layers;
      if (layers > 0 && below) {
        parameter.freeze(true);
      }
    }
  }

  private static Rates rates(TrainingSettings settings) {
    Rates rates = Rates.of(settings.learningRate());
    return settings.tableRate().isPresent()
        ? rates.tables(settings.tableRate().getAsDouble())
        : rates;
  }

  /** Returns what learns. */
  List<Parameter> parameters() {
    return parameters;
  }

  AdamW adamW() {
    return optimizer.adamW();
  }

  /** Returns the rate of the next step. */
  double rate() {
    return rate * optimizer.rateFactor();
  }

  /**
   * Changes the model by what the gradients say.
   *
   * @return the length of the gradient; if it is not finite nothing has changed
   */
  double step() {
    lora.ifPresent(l -> l.propagate(model.threads()));
    double norm = optimizer.step(model.threads());
    if (Double.isFinite(norm)) {
      refresh();
    }
    return norm;
  }

  /** Gives the model what the parameters say. */
  void refresh() {
    lora.ifPresent(l -> l.compose(model.threads()));
    model.refresh();
  }
}
