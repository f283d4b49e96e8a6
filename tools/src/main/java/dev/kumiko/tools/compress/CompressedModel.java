package dev.kumiko.tools.compress;

import dev.kumiko.format.Composition;
import dev.kumiko.format.Composition.Assignment;
import dev.kumiko.format.DType;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.Tensor;
import dev.kumiko.format.TensorNames;
import dev.kumiko.tools.quantize.Int8Rows;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A model with fitted parts in place of its token table. */
final class CompressedModel {
  /** Metadata key of what was done, for people: a JSON object. */
  private static final String METADATA = "kumiko.compression";

  private static final int MOST_BYTE_CODES = 256;

  private static final Set<String> REPLACED =
      Set.of(TensorNames.TOKEN_EMBEDDINGS, TensorNames.scale(TensorNames.TOKEN_EMBEDDINGS_PART));

  private final ModelFile model;
  private final Compressor.Options options;
  private final SourceTable table;
  private final Subspaces subspaces;
  private final Fitted fitted;
  private final int[] ownRowIds;

  /** What is read from the file, for each part {@code [size][width]}. */
  private final float[][] vectors;

  /** The same as int8; empty if the parts are stored as they are. */
  private final Int8Rows[] int8;

  private final double relativeError;

  CompressedModel(
      ModelFile model,
      int[] ownRowIds,
      Compressor.Options options,
      SourceTable table,
      Subspaces subspaces,
      Fitted fitted)
      throws IOException {
    this.model = model;
    this.options = options;
    this.table = table;
    this.subspaces = subspaces;
    this.fitted = fitted;
    this.ownRowIds = ownRowIds;
    this.vectors = fitted.vectors.clone();
    this.int8 = new Int8Rows[options.int8() ? vectors.length : 0];
    for (int f = 0; f < int8.length; f++) {
      int8[f] = Int8Rows.of(vectors[f], subspaces.width(f));
      vectors[f] = int8[f].toFloats();
    }
    this.relativeError = measure();
  }

  private double measure() throws IOException {
    float[] row = new float[table.hiddenSize()];
    double error = 0;
    double magnitude = 0;
    for (int token = 0; token < table.tokens(); token++) {
      table.copy(token, 0, row.length, row, 0);
      boolean own = Arrays.binarySearch(ownRowIds, token) >= 0;
      for (int f = 0; f < vectors.length; f++) {
        int start = subspaces.start(f);
        int width = subspaces.width(f);
        int from = fitted.codes[token * vectors.length + f] * width;
        for (int i = 0; i < width; i++) {
          double value = row[start + i];
          double difference = own ? 0 : value - vectors[f][from + i];
          error += difference * difference;
          magnitude += value * value;
        }
      }
    }
    return magnitude == 0 ? 0 : Math.sqrt(error / magnitude);
  }

  /** Returns the length of the table's error divided by the length of the table. */
  double relativeError() {
    return relativeError;
  }

  /** Writes the file; it appears whole or not at all. */
  void write(Path target) throws IOException {
    ModelWriter writer = new ModelWriter(target).metadata(metadata());
    if (int8.length == 0) {
      for (int f = 0; f < vectors.length; f++) {
        String name = TensorNames.weight(TensorNames.composedPart(f));
        writer.floats(name, vectors[f], options.codes(), subspaces.width(f));
      }
    }
    if (ownRowIds.length > 0) {
      writer.ints(TensorNames.OWN_ROW_IDS, ownRowIds, ownRowIds.length);
      String name = TensorNames.weight(TensorNames.OWN_ROWS);
      writer.floats(name, ownRows(), ownRowIds.length, table.hiddenSize());
    }
    fitted.order.ifPresent(order -> writer.ints(TensorNames.TOKEN_ORDER, order, order.length));
    for (Tensor tensor : model.tensors().values()) {
      if (options.int8() && isFloatPositions(tensor)) {
        int columns = Math.toIntExact(tensor.shape().get(1));
        Int8Rows.of(tensor.toFloats(), columns).addTo(writer, TensorNames.POSITION_EMBEDDINGS_PART);
      } else if (!REPLACED.contains(tensor.name())) {
        writer.copy(tensor.name(), tensor);
      }
    }
    for (int f = 0; f < int8.length; f++) {
      int8[f].addTo(writer, TensorNames.composedPart(f));
    }
    if (options.assignment() == Assignment.CONTEXT) {
      DType type = options.codes() > MOST_BYTE_CODES ? DType.U16 : DType.U8;
      long[] shape = {table.tokens(), vectors.length};
      writer.tensor(TensorNames.TOKEN_CODES, type, shape, out -> writeCodes(type, out));
    }
    writer.write();
  }

  private static boolean isFloatPositions(Tensor tensor) {
    return tensor.name().equals(TensorNames.POSITION_EMBEDDINGS) && tensor.type().isFloating();
  }

  private float[] ownRows() throws IOException {
    int width = table.hiddenSize();
    float[] rows = new float[ownRowIds.length * width];
    for (int i = 0; i < ownRowIds.length; i++) {
      table.copy(ownRowIds[i], 0, width, rows, i * width);
    }
    return rows;
  }

  private void writeCodes(DType type, OutputStream out) throws IOException {
    for (char code : fitted.codes) {
      out.write(code);
      if (type == DType.U16) {
        out.write(code >>> 8);
      }
    }
  }

  private Map<String, String> metadata() throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    Composition composition = new Composition(options.assignment(), options.parts(), true);
    metadata.put(Composition.METADATA, composition.toMetadata());
    Map<String, Object> done = new LinkedHashMap<>();
    done.put("codes", options.codes());
    done.put("seed", options.seed());
    done.put("relative_error", relativeError);
    metadata.put(METADATA, Json.text(done));
    String quantization = metadata.get(Quantizer.METADATA);
    if (quantization != null) {
      metadata.put(
          Quantizer.METADATA,
          Quantizer.without(
              TensorNames.TOKEN_EMBEDDINGS_PART,
              Json.parse(model.source() + ": " + Quantizer.METADATA, quantization)));
    }
    return metadata;
  }
}
