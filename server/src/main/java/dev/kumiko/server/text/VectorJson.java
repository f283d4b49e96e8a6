package dev.kumiko.server.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;

/** Vectors in JSON. */
public final class VectorJson {
  private VectorJson() {}

  /**
   * Writes a vector.
   *
   * @param json takes one value
   * @param vector {@code [dimension]}
   * @param base64 as base64 of little-endian 32-bit floats, otherwise as an array of numbers, each
   *     with as many digits as tell it from its neighbours
   */
  public static void write(JsonGenerator json, float[] vector, boolean base64) {
    if (base64) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(vector);
      json.writeString(Base64.getEncoder().encodeToString(bytes.array()));
      return;
    }
    json.writeStartArray();
    for (float component : vector) {
      json.writeNumber(component);
    }
    json.writeEndArray();
  }
}
