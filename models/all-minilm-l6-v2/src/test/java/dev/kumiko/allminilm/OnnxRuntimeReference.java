package dev.kumiko.allminilm;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/**
 * The same model on ONNX Runtime, one text at a time, pooled and normalised in double precision.
 */
final class OnnxRuntimeReference implements AutoCloseable {
  private static final String MODEL = "/all-minilm-l6-v2.onnx";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRuntimeReference() throws IOException, OrtException {
    try (InputStream in = OnnxRuntimeReference.class.getResourceAsStream(MODEL)) {
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

  private static double[] pool(FloatBuffer hidden, int tokens) {
    double[] vector = new double[hidden.remaining() / tokens];
    for (int i = 0; hidden.hasRemaining(); i = (i + 1) % vector.length) {
      vector[i] += hidden.get();
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
