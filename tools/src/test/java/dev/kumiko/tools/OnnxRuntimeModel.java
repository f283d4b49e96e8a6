package dev.kumiko.tools;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.kumiko.format.Pooling;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** A model on ONNX Runtime, one text at a time, pooled and normalised in double precision. */
final class OnnxRuntimeModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Pooling pooling;

  /**
   * Loads a model from the class path.
   *
   * @param pooling the mean, or the first token's
   */
  OnnxRuntimeModel(String resource, Pooling pooling) throws IOException, OrtException {
    this.pooling = pooling;
    try (InputStream in = OnnxRuntimeModel.class.getResourceAsStream(resource)) {
      session = environment.createSession(in.readAllBytes(), new OrtSession.SessionOptions());
    }
  }

  double[] embed(int[] ids) throws OrtException {
    long[] shape = {1, ids.length};
    LongBuffer input = LongBuffer.allocate(ids.length);
    LongBuffer mask = LongBuffer.allocate(ids.length);
    for (int id : ids) {
      input.put(id);
      mask.put(1);
    }
    try (OnnxTensor inputTensor = OnnxTensor.createTensor(environment, input.flip(), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask.flip(), shape);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, LongBuffer.allocate(ids.length), shape);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", inputTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      return pool(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length);
    }
  }

  private double[] pool(FloatBuffer hidden, int tokens) {
    int pooled = pooling == Pooling.CLS ? 1 : tokens;
    double[] vector = new double[hidden.remaining() / tokens];
    for (int i = 0; i < pooled * vector.length; i++) {
      vector[i % vector.length] += hidden.get();
    }
    double squares = 0;
    for (double v : vector) {
      squares += v * v;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
