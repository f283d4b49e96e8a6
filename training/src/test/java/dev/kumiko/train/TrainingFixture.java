package dev.kumiko.train;

import dev.kumiko.format.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** References in double precision, made by PyTorch's autograd: facts as JSON and tensors. */
public final class TrainingFixture {
  private final String name;
  private final Json facts;
  private final Map<String, Values> tensors = new LinkedHashMap<>();

  /** A tensor: its shape and its values, row by row. */
  public static final class Values {
    private final List<Integer> shape;
    private final double[] array;

    private Values(List<Integer> shape, double[] array) {
      this.shape = shape;
      this.array = array;
    }

    /** Returns the dimensions. */
    public List<Integer> shape() {
      return shape;
    }

    /** Returns the values themselves. */
    public double[] array() {
      return array;
    }

    /** Returns the values rounded. */
    public float[] floats() {
      float[] floats = new float[array.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) array[i];
      }
      return floats;
    }

    /** Returns row {@code row} of all but the first dimension. */
    public double[] row(int row) {
      int size = array.length / shape.getFirst();
      return Arrays.copyOfRange(array, row * size, (row + 1) * size);
    }
  }

  private TrainingFixture(String name, Json facts) {
    this.name = name;
    this.facts = facts;
  }

  /** Reads a case of the test resources. */
  public static TrainingFixture open(String name) {
    try {
      TrainingFixture fixture = new TrainingFixture(name, Json.parse(name, bytes(name + ".json")));
      fixture.read(ByteBuffer.wrap(bytes(name + ".safetensors")).order(ByteOrder.LITTLE_ENDIAN));
      return fixture;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String file) throws IOException {
    try (InputStream in = TrainingFixture.class.getResourceAsStream("/fixtures/" + file)) {
      return in.readAllBytes();
    }
  }

  private void read(ByteBuffer file) throws IOException {
    byte[] header = new byte[Math.toIntExact(file.getLong())];
    file.get(header);
    ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<String, Json> entry : Json.parse(name, header).members().entrySet()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), values(entry.getValue(), data));
      }
    }
  }

  private static Values values(Json tensor, ByteBuffer data) throws IOException {
    List<Integer> shape = new ArrayList<>();
    int count = 1;
    for (Json dimension : tensor.get("shape").items()) {
      shape.add(dimension.asInt());
      count *= dimension.asInt();
    }
    int from = tensor.get("data_offsets").items().getFirst().asInt();
    boolean wide = tensor.get("dtype").asString().equals("F64");
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = wide ? data.getDouble(from + 8 * i) : data.getFloat(from + 4 * i);
    }
    return new Values(List.copyOf(shape), values);
  }

  /** Returns the facts. */
  public Json facts() {
    return facts;
  }

  /** Returns whether there is such a tensor. */
  public boolean has(String tensor) {
    return tensors.containsKey(tensor);
  }

  /** Returns a tensor. */
  public Values get(String tensor) {
    Values values = tensors.get(tensor);
    if (values == null) {
      throw new IllegalArgumentException(name + " has no " + tensor + ", but " + tensors.keySet());
    }
    return values;
  }

  /** Returns the names of all tensors. */
  public Iterable<String> names() {
    return tensors.keySet();
  }
}
