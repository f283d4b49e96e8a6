package dev.kumiko.tools.quantize;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Matrix;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes an int8 model of an fp32 one: the token table, or the parts it is composed of, and every
 * linear layer with one scale for each row; position and token type tables, LayerNorm and biases
 * stay as they are. The result depends on nothing but the weights.
 */
public final class Quantizer {
  /** Metadata key of what was done: a JSON object. */
  public static final String METADATA = "kumiko.quantization";

  private final ModelFile model;
  private final Map<String, float[]> scales = new LinkedHashMap<>();
  private final Map<String, Object> errors = new LinkedHashMap<>();

  private Quantizer(ModelFile model) {
    this.model = model;
  }

  /**
   * Quantises a model.
   *
   * @param source a Kumiko model with floating-point weights
   * @param target the file to write; it appears whole or not at all
   * @throws IOException if the source is no such model, is quantised already, or the target cannot
   *     be written; the message is for people
   */
  public static void quantize(Path source, Path target) throws IOException {
    try (ModelFile model = ModelFile.open(source)) {
      ModelDescription description = ModelDescription.of(model);
      Architecture sizes = description.architecture();
      TensorNames.check(model, description);
      Quantizer quantizer = new Quantizer(model);
      for (String part : TensorNames.quantizable(model, sizes).keySet()) {
        if (!Int8Matrix.isStored(model, part)) {
          quantizer.measure(part);
        } else if (TensorNames.quantizable(sizes).containsKey(part)) {
          throw new IOException(
              "%s is quantised already: %s is I8. Quantise the fp32 model it was made from."
                  .formatted(source, TensorNames.weight(part)));
        }
      }
      quantizer.write(target);
    }
  }

  private void measure(String part) throws IOException {
    Tensor weight = model.tensor(TensorNames.weight(part));
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    float[] rowScales = new float[Math.toIntExact(weight.shape().get(0))];
    double error = 0;
    double magnitude = 0;
    for (int r = 0; r < rowScales.length; r++) {
      weight.copyFloats((long) r * row.length, row, 0, row.length);
      for (float value : row) {
        if (!Float.isFinite(value)) {
          throw new IOException(
              "%s: %s has the value %s in row %,d; only finite weights can be quantised."
                  .formatted(model.source(), weight.name(), value, r));
        }
        magnitude += (double) value * value;
      }
      rowScales[r] = Int8Row.scale(row);
      error += Int8Row.squaredError(row, rowScales[r]);
    }
    scales.put(part, rowScales);
    errors.put(part, magnitude == 0 ? 0.0 : Math.sqrt(error / magnitude));
  }

  private void write(Path target) throws IOException {
    ModelWriter writer = new ModelWriter(target).metadata(model.metadata());
    writer.metadata(METADATA, summary(errors));
    for (Tensor tensor : model.tensors().values()) {
      String part = part(tensor.name());
      float[] rowScales = scales.get(part);
      if (rowScales == null) {
        writer.copy(tensor.name(), tensor);
      } else {
        long[] shape = {tensor.shape().get(0), tensor.shape().get(1)};
        writer.tensor(tensor.name(), DType.I8, shape, out -> writeRows(tensor, rowScales, out));
        writer.floats(TensorNames.scale(part), rowScales, rowScales.length, 1);
      }
    }
    writer.write();
  }

  /**
   * Returns the value of {@link #METADATA} for a model that has a part no more.
   *
   * @param metadata the value as it was
   */
  public static String without(String part, Json metadata) throws IOException {
    Map<String, Object> errors = new LinkedHashMap<>();
    for (Map.Entry<String, Json> error : metadata.get("relative_error").members().entrySet()) {
      errors.put(error.getKey(), error.getValue().asDouble());
    }
    errors.remove(part);
    return summary(errors);
  }

  /** The words are those of the compressed-tensors configuration. */
  private static String summary(Map<String, Object> errors) {
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put("num_bits", 8);
    weights.put("type", "int");
    weights.put("symmetric", true);
    weights.put("strategy", "channel");
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("format", "int-quantized");
    summary.put("weights", weights);
    summary.put("relative_error", errors);
    return Json.text(summary);
  }

  private static String part(String tensor) {
    String suffix = TensorNames.weight("");
    return tensor.endsWith(suffix) ? tensor.substring(0, tensor.length() - suffix.length()) : "";
  }

  private static void writeRows(Tensor weight, float[] rowScales, OutputStream out)
      throws IOException {
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    byte[] quantized = new byte[row.length];
    for (int r = 0; r < rowScales.length; r++) {
      weight.copyFloats((long) r * row.length, row, 0, row.length);
      for (int i = 0; i < row.length; i++) {
        quantized[i] = Int8Row.quantize(row[i], rowScales[r]);
      }
      out.write(quantized);
    }
  }
}
