package dev.kumiko.tools.convert;

import dev.kumiko.format.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Stores floats in the other floating-point types. */
final class HalfFloats {
  private HalfFloats() {}

  static byte[] encode(float[] values, DType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case F16 -> bytes.putShort(Float.floatToFloat16(value));
        case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
        case F64 -> bytes.putDouble(value);
        default -> throw new IllegalArgumentException(type.name());
      }
    }
    return bytes.array();
  }

  static float[] decode(byte[] encoded, DType type) {
    ByteBuffer bytes = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[encoded.length / type.bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case F16 -> Float.float16ToFloat(bytes.getShort());
            case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            case F64 -> (float) bytes.getDouble();
            default -> throw new IllegalArgumentException(type.name());
          };
    }
    return values;
  }
}
