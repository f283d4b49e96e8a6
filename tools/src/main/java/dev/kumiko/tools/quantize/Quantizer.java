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
 * Makes an int8 model of an fp32 one: the token table and every linear layer with one scale for
 * each row; position and token type tables, LayerNorm and biases stay as they are. The result
 * depends on nothing but the weights.
 */
public final class Quantizer {
  /** Metadata key of what was done: a JSON object. */
  public static final String METADATA = "kumiko.quantization";

  /**
   * Groups so long that the layers are clearly faster than with fp32 activations, and a limit that
   * shares 15 bits about evenly between activations and the weights of a group.
   */
  public static final Int8Activations INT8_ACTIVATIONS = new Int8Activations(32, 80);

  private final ModelFile model;
  private final ModelDescription description;
  private final Map<String, float[]> factors;
  private final Map<String, float[]> scales = new LinkedHashMap<>();
  private final Map<String, Object> errors = new LinkedHashMap<>();

  private Quantizer(ModelFile model, ModelDescription description) throws IOException {
    this.model = model;
    this.description = description;
    this.factors =
        description.architecture().int8Activations().isPresent()
            ? InputFactors.of(model, description.architecture())
            : Map.of();
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
   * @param activations how the layers' inputs are quantised too; empty to leave them fp32
   * @throws IOException if the source is no such model, is quantised already, or the target cannot
   *     be written; the message is for people
   */
  public static void quantize(Path source, Path target, Optional<Int8Activations> activations)
      throws IOException {
    try (ModelFile model = ModelFile.open(source)) {
      ModelDescription description = ModelDescription.of(model);
      Architecture architecture = description.architecture();
      TensorNames.check(model, architecture);
      for (String part : TensorNames.quantizable(architecture).keySet()) {
        if (Int8Matrix.isStored(model, part)) {
          throw new IOException(
              "%s is quantised already: %s is I8. Quantise the fp32 model it was made from."
                  .formatted(source, TensorNames.weight(part)));
        }
      }
      Quantizer quantizer =
          new Quantizer(model, activations.map(description::with).orElse(description));
      for (String part : TensorNames.quantizable(architecture).keySet()) {
        quantizer.measure(part);
      }
      quantizer.write(target);
    }
  }

  private RowRounding rounding(String part) {
    return factors.containsKey(part)
        ? new BoundedRow(description.architecture().int8Activations().orElseThrow())
        : new Int8Row();
  }

  private void measure(String part) throws IOException {
    Tensor weight = model.tensor(TensorNames.weight(part));
    RowRounding rounding = rounding(part);
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    float[] rowScales = new float[Math.toIntExact(weight.shape().get(0))];
    byte[] quantized = new byte[row.length];
    double error = 0;
    double magnitude = 0;
    for (int r = 0; r < rowScales.length; r++) {
      read(weight, part, r, row);
      rowScales[r] = rounding.scale(row);
      rounding.round(row, rowScales[r], quantized);
      for (int i = 0; i < row.length; i++) {
        double factor = factors.containsKey(part) ? factors.get(part)[i] : 1;
        double difference = (row[i] - (double) quantized[i] * rowScales[r]) * factor;
        error += difference * difference;
        magnitude += row[i] * factor * row[i] * factor;
      }
    }
    scales.put(part, rowScales);
    errors.put(part, magnitude == 0 ? 0.0 : Math.sqrt(error / magnitude));
  }

  /** Reads a row of weights for the input as it will be: multiplied with its factors. */
  private void read(Tensor weight, String part, int r, float[] row) throws IOException {
    weight.copyFloats((long) r * row.length, row, 0, row.length);
    float[] divisors = factors.get(part);
    for (int i = 0; i < row.length; i++) {
      if (!Float.isFinite(row[i])) {
        throw new IOException(
            "%s: %s has the value %s in row %,d; only finite weights can be quantised."
                .formatted(model.source(), weight.name(), row[i], r));
      }
      row[i] = divisors == null ? row[i] : row[i] / divisors[i];
    }
  }

  private void write(Path target) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    metadata.putAll(description.toMetadata());
    metadata.put(METADATA, Json.text(summary()));
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
    for (Map.Entry<String, float[]> factor : factors.entrySet()) {
      float[] values = factor.getValue();
      writer.floats(TensorNames.inputFactor(factor.getKey()), values, values.length);
    }
    writer.write();
  }

  /** The words are those of the compressed-tensors configuration. */
  private Map<String, Object> summary() {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("format", "int-quantized");
    summary.put("weights", symmetric("channel"));
    if (!factors.isEmpty()) {
      summary.put("input_activations", symmetric("token"));
    }
    summary.put("relative_error", errors);
    return summary;
  }

  private static Map<String, Object> symmetric(String strategy) {
    Map<String, Object> scheme = new LinkedHashMap<>();
    scheme.put("num_bits", 8);
    scheme.put("type", "int");
    scheme.put("symmetric", true);
    scheme.put("strategy", strategy);
    return scheme;
  }

  private static String part(String tensor) {
    String suffix = TensorNames.weight("");
    return tensor.endsWith(suffix) ? tensor.substring(0, tensor.length() - suffix.length()) : "";
  }

  private void writeRows(Tensor weight, String part, OutputStream out) throws IOException {
    RowRounding rounding = rounding(part);
    float[] rowScales = scales.get(part);
    float[] row = new float[Math.toIntExact(weight.shape().get(1))];
    byte[] quantized = new byte[row.length];
    for (int r = 0; r < rowScales.length; r++) {
      read(weight, part, r, row);
      rounding.round(row, rowScales[r], quantized);
      out.write(quantized);
    }
  }
}
