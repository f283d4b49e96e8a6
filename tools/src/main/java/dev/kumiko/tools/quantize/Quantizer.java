package dev.kumiko.tools.quantize;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.DType;
import dev.kumiko.format.Int8Activations;
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
import java.util.Optional;

/**
 * Makes an int8 model of an fp32 one: the token table, or the parts it is composed of, and every
 * linear layer with one scale for each row; position and token type tables, LayerNorm and biases
 * stay as they are. The result depends on nothing but the weights.
 */
public final class Quantizer {
  /** Metadata key of what was done: a JSON object. */
  public static final String METADATA = "kumiko.quantization";

  /**
   * Groups so long that layers are clearly faster than with fp32 activations, and a limit that
   * divides 15 bits about evenly between an activation and the weights of a group.
   */
  public static final Int8Activations INT8_ACTIVATIONS = new Int8Activations(32, 80);

  private final ModelFile model;
  private final Optional<Int8Activations> activations;

  /** Of the linear maps with int8 input, what it is multiplied with. */
  private final Map<String, float[]> factors;

  private final Map<String, float[]> scales = new LinkedHashMap<>();
  private final Map<String, Object> errors = new LinkedHashMap<>();

  private Quantizer(
      ModelFile model, Optional<Int8Activations> activations, Map<String, float[]> factors) {
    this.model = model;
    this.activations = activations;
    this.factors = factors;
  }

  /** Quantises the weights, see {@link #quantize(Path, Path, Optional)}; activations stay fp32. */
  public static void quantize(Path source, Path target) throws IOException {
    quantize(source, target, Optional.empty());
  }

  /**
   * Quantises a model.
   *
   * @param source a Kumiko model with floating-point weights
   * @param target the file to write; it appears whole or not at all
   * @param activations how the inputs of the linear layers are quantised too; empty for fp32
   * @throws IOException if the source is no such model, is quantised already, or the target cannot
   *     be written; the message is for people
   */
  public static void quantize(Path source, Path target, Optional<Int8Activations> activations)
      throws IOException {
    try (ModelFile model = ModelFile.open(source)) {
      ModelDescription description = ModelDescription.of(model);
      Architecture sizes = description.architecture();
      TensorNames.check(model, description);
      for (String part : TensorNames.quantizable(sizes).keySet()) {
        if (Int8Matrix.isStored(model, part)) {
          throw new IOException(
              "%s is quantised already: %s is I8. Quantise the fp32 model it was made from."
                  .formatted(source, TensorNames.weight(part)));
        }
      }
      Map<String, float[]> factors =
          activations.isPresent() ? InputFactors.of(model, sizes) : Map.of();
      Quantizer quantizer = new Quantizer(model, activations, factors);
      for (String part : TensorNames.quantizable(model, sizes).keySet()) {
        if (!Int8Matrix.isStored(model, part)) {
          quantizer.measure(part);
        }
      }
      quantizer.write(target, description);
    }
  }

  private RowRounding rounding(String part) {
    return factors.containsKey(part) ? new BoundedRow(activations.orElseThrow()) : new Int8Row();
  }

  private void measure(String part) throws IOException {
    Tensor weight = model.tensor(TensorNames.weight(part));
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    float[] rowScales = new float[Math.toIntExact(weight.shape().get(0))];
    float[] inputFactors = factors.get(part);
    RowRounding rounding = rounding(part);
    byte[] rounded = new byte[row.length];
    double error = 0;
    double magnitude = 0;
    for (int r = 0; r < rowScales.length; r++) {
      read(weight, inputFactors, r, row);
      rowScales[r] = rounding.scale(row);
      rounding.round(row, rowScales[r], rounded);
      for (int i = 0; i < row.length; i++) {
        double factor = inputFactors == null ? 1 : inputFactors[i];
        double difference = factor * (row[i] - (double) rounded[i] * rowScales[r]);
        error += difference * difference;
        magnitude += factor * row[i] * factor * row[i];
      }
    }
    scales.put(part, rowScales);
    errors.put(part, magnitude == 0 ? 0.0 : Math.sqrt(error / magnitude));
  }

  /** Reads a row of weights as it is for an input that has been multiplied with its factors. */
  private void read(Tensor weight, float[] inputFactors, int r, float[] row) throws IOException {
    weight.copyFloats((long) r * row.length, row, 0, row.length);
    for (int i = 0; i < row.length; i++) {
      if (!Float.isFinite(row[i])) {
        throw new IOException(
            "%s: %s has the value %s in row %,d; only finite weights can be quantised."
                .formatted(model.source(), weight.name(), row[i], r));
      }
      row[i] = inputFactors == null ? row[i] : row[i] / inputFactors[i];
    }
  }

  private void write(Path target, ModelDescription description) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    if (activations.isPresent()) {
      Architecture quantized = description.architecture().withInt8Activations(activations.get());
      metadata.putAll(description.withArchitecture(quantized).toMetadata());
    }
    metadata.put(METADATA, summary(errors));
    ModelWriter writer = new ModelWriter(target).metadata(metadata);
    for (Tensor tensor : model.tensors().values()) {
      String part = part(tensor.name());
      float[] rowScales = scales.get(part);
      if (rowScales == null) {
        writer.copy(tensor.name(), tensor);
      } else {
        long[] shape = {tensor.shape().get(0), tensor.shape().get(1)};
        writer.tensor(tensor.name(), DType.I8, shape, out -> writeRows(tensor, part, out));
        writer.floats(TensorNames.scale(part), rowScales, rowScales.length, 1);
      }
    }
    factors.forEach(
        (part, values) -> writer.floats(TensorNames.inputFactor(part), values, values.length));
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

  private void writeRows(Tensor weight, String part, OutputStream out) throws IOException {
    float[] rowScales = scales.get(part);
    RowRounding rounding = rounding(part);
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    byte[] quantized = new byte[row.length];
    for (int r = 0; r < rowScales.length; r++) {
      read(weight, factors.get(part), r, row);
      rounding.round(row, rowScales[r], quantized);
      out.write(quantized);
    }
  }
}
