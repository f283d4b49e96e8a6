package dev.kumiko.tools.fuzz;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Model files whose header has the length that the file says, whatever became of it: an input is
 * the header, a zero byte, and the tensors.
 */
final class DescriptionTarget implements Target {
  private final ModelTarget models;

  DescriptionTarget() throws IOException {
    this.models = new ModelTarget();
  }

  @Override
  public String name() {
    return "description";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    for (byte[] model : models.seeds()) {
      int header = (int) ByteBuffer.wrap(model).order(ByteOrder.LITTLE_ENDIAN).getLong();
      byte[] seed = new byte[model.length - Long.BYTES + 1];
      System.arraycopy(model, Long.BYTES, seed, 0, header);
      int tensors = Long.BYTES + header;
      System.arraycopy(model, tensors, seed, header + 1, model.length - tensors);
      seeds.add(seed);
    }
    return seeds;
  }

  @Override
  public void read(byte[] input) throws IOException {
    int header = 0;
    while (header < input.length && input[header] != 0) {
      header++;
    }
    int tensors = Math.min(header + 1, input.length);
    ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header + input.length - tensors);
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(header);
    file.put(input, 0, header).put(input, tensors, input.length - tensors);
    models.read(Arrays.copyOf(file.array(), file.position()));
  }
}
