package dev.kumiko.tools.quantize;

import dev.kumiko.format.DType;
import dev.kumiko.format.ModelWriter;
import dev.kumiko.format.TensorNames;

/** A small matrix quantised row by row. */
public final class Int8Rows {
  /** {@code [rows][columns]}. */
  private final byte[] elements;

  /** {@code [rows]}. */
  private final float[] scales;

  private Int8Rows(byte[] elements, float[] scales) {
    this.elements = elements;
    this.scales = scales;
  }

  /** Quantises a matrix {@code [rows][columns]}. */
  public static Int8Rows of(float[] values, int columns) {
    byte[] elements = new byte[values.length];
    float[] scales = new float[values.length / columns];
    float[] row = new float[columns];
    byte[] rounded = new byte[columns];
    RowRounding rounding = new Int8Row();
    for (int r = 0; r < scales.length; r++) {
      System.arraycopy(values, r * columns, row, 0, columns);
      scales[r] = rounding.scale(row);
      rounding.round(row, scales[r], rounded);
      System.arraycopy(rounded, 0, elements, r * columns, columns);
    }
    return new Int8Rows(elements, scales);
  }

  /** Returns what the int8 values stand for, in a new array {@code [rows][columns]}. */
  public float[] toFloats() {
    float[] values = new float[elements.length];
    int columns = elements.length / scales.length;
    for (int i = 0; i < values.length; i++) {
      values[i] = elements[i] * scales[i / columns];
    }
    return values;
  }

  /** Adds weight and scales of a part. */
  public void addTo(ModelWriter writer, String part) {
    int rows = scales.length;
    writer.floats(TensorNames.scale(part), scales, rows, 1);
    writer.bytes(TensorNames.weight(part), DType.I8, elements, rows, elements.length / rows);
  }
}
