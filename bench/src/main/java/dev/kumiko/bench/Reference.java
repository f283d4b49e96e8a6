package dev.kumiko.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The right vectors: those of ONNX Runtime in fp32, one text at a time. They are computed once in a
 * process of their own, so that no engine's memory has another engine's in it.
 */
final class Reference {
  private Reference() {}

  /** Computes and writes the vectors of workloads. */
  static void prepare(Models models, Collection<Workload> workloads) throws IOException {
    try (Engine engine = EngineKind.ONNXRUNTIME_FP32.load(models, 1)) {
      for (Workload workload : workloads) {
        write(models.reference(workload), engine.embed(workload.texts()));
      }
    }
  }

  static void write(Path file, float[][] vectors) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(vectors.length);
      out.writeInt(vectors[0].length);
      for (float[] vector : vectors) {
        for (float value : vector) {
          out.writeFloat(value);
        }
      }
    }
  }

  static float[][] read(Path file) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      float[][] vectors = new float[in.readInt()][in.readInt()];
      for (float[] vector : vectors) {
        for (int i = 0; i < vector.length; i++) {
          vector[i] = in.readFloat();
        }
      }
      return vectors;
    }
  }
}
