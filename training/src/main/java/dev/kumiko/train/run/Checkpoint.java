package dev.kumiko.train.run;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.train.TrainingException;
import dev.kumiko.train.optimize.AdamW;
import dev.kumiko.train.optimize.Moments;
import dev.kumiko.train.parameter.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a run between two steps, a safetensors file: values, AdamW's moments, and in its
 * metadata where the run is and what it is a run of. It replaces the one before when it is
 * complete.
 *
 * @param step number of steps that were done
 * @param position in the data, base 64
 * @param logSize bytes of the log that belong to these steps
 * @param best what is known of the best model
 */
record Checkpoint(long step, String position, long logSize, BestModel best) {
  private static final String KIND = "kumiko.checkpoint";
  private static final String VALUES = "values.";
  private static final String MEAN = "mean.";
  private static final String SQUARE = "square.";

  /** Writes it with the values and moments as they are. */
  void write(Path file, Map<String, String> identity, AdamW adamW) throws IOException {
    ModelWriter writer = new ModelWriter(file).metadata(identity);
    writer.metadata(KIND, "1");
    writer.metadata("step", Long.toString(step));
    writer.metadata("position", position);
    writer.metadata("log", Long.toString(logSize));
    best.toMetadata().forEach(writer::metadata);
    for (Moments moments : adamW.moments()) {
      Parameter p = moments.parameter();
      writer.floats(VALUES + p.name(), p.values(), p.rows(), p.columns());
      writer.floats(MEAN + p.name(), moments.first(), p.rows(), p.columns());
      writer.floats(SQUARE + p.name(), moments.second(), p.rows(), p.columns());
    }
    writer.write();
  }

  /**
   * Reads one, and gives parameters and moments what they had.
   *
   * @throws TrainingException if it is not a checkpoint of this run; the message names what differs
   */
  static Checkpoint restore(Path file, Map<String, String> identity, AdamW adamW)
      throws IOException {
    try (ModelFile saved = ModelFile.open(file)) {
      Map<String, String> metadata = saved.metadata();
      if (!"1".equals(metadata.get(KIND))) {
        throw new TrainingException(
            file + ": is no checkpoint of this Kumiko; begin the run again without it");
      }
      requireSame(file, identity, metadata);
      for (Moments moments : adamW.moments()) {
        Parameter p = moments.parameter();
        read(saved, VALUES + p.name(), p, p.values());
        read(saved, MEAN + p.name(), p, moments.first());
        read(saved, SQUARE + p.name(), p, moments.second());
      }
      long step = number(file, metadata, "step");
      adamW.resume(step);
      return new Checkpoint(
          step,
          metadata.getOrDefault("position", ""),
          number(file, metadata, "log"),
          BestModel.of(file, metadata));
    } catch (IllegalArgumentException e) {
      throw new TrainingException("%s: is damaged: %s".formatted(file, e.getMessage()));
    }
  }

  private static void requireSame(
      Path file, Map<String, String> identity, Map<String, String> saved) throws TrainingException {
    for (Map.Entry<String, String> entry : new LinkedHashMap<>(identity).entrySet()) {
      String found = saved.get(entry.getKey());
      if (!entry.getValue().equals(found)) {
        throw new TrainingException(
            "%s: is of another run, its %s: %s; here: %s. Resume with what it was begun with, or begin again without it"
                .formatted(file, entry.getKey(), found, entry.getValue()));
      }
    }
  }

  private static void read(ModelFile saved, String name, Parameter p, float[] target)
      throws IOException {
    Tensor tensor = saved.tensor(name).expect(DType.F32, p.rows(), p.columns());
    tensor.copyFloats(0, target, 0, target.length);
  }

  static long number(Path file, Map<String, String> metadata, String key) throws TrainingException {
    try {
      return Long.parseLong(metadata.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      throw new TrainingException(
          "%s: is damaged: %s is \"%s\", expected a number"
              .formatted(file, key, metadata.getOrDefault(key, "")));
    }
  }
}
