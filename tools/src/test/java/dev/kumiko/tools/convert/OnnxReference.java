package dev.kumiko.tools.convert;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A graph on ONNX Runtime: the mean of a text's token vectors. */
final class OnnxReference implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Loads a file; what ONNX Runtime refuses is an {@link OrtException}. */
  OnnxReference(Path model) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.setIntraOpNumThreads(1);
    session = environment.createSession(model.toString(), options);
  }

  double[] embed(int... ids) throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String input : session.getInputNames()) {
        LongBuffer values = LongBuffer.allocate(ids.length);
        for (int id : ids) {
          values.put(
              switch (input) {
                case "input_ids" -> id;
                case "attention_mask" -> 1;
                default -> 0;
              });
        }
        long[] shape = {1, ids.length};
        inputs.put(input, OnnxTensor.createTensor(environment, values.flip(), shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        FloatBuffer hidden = ((OnnxTensor) result.get(0)).getFloatBuffer();
        double[] mean = new double[hidden.remaining() / ids.length];
        for (int i = 0; hidden.hasRemaining(); i++) {
          mean[i % mean.length] += hidden.get() / ids.length;
        }
        return mean;
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
