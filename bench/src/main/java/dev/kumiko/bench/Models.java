package dev.kumiko.bench;

import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import dev.kumiko.tools.quantize.Quantizer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The models that are compared, as files in a folder that the benchmark makes once: the published
 * exports, and Kumiko's conversion of the fp32 one.
 */
public record Models(Path folder) {
  private static final String FP32 = "/all-minilm-l6-v2.onnx";
  private static final String INT8 = "/all-minilm-l6-v2-q.onnx";

  /** Writes the files. */
  static Models prepare(Path folder) throws IOException {
    Models models = new Models(folder);
    unpack(FP32, models.onnxFp32());
    unpack(INT8, models.onnxInt8());
    String jar =
        Models.class
            .getResource(FP32)
            .toString()
            .replaceFirst("^jar:", "")
            .replaceFirst("!.*$", "");
    Converter.convert(
        Path.of(URI.create(jar)), models.kumikoFp32(), ConversionOptions.NONE, line -> {});
    if (EngineKind.KUMIKO_MACHINE_INT8.isThere()) {
      Quantizer.quantize(
          models.kumikoFp32(),
          models.kumikoInt8Activations(),
          Optional.of(Quantizer.INT8_ACTIVATIONS),
          fraction -> {});
    }
    return models;
  }

  private static void unpack(String resource, Path target) throws IOException {
    try (InputStream in = Models.class.getResourceAsStream(resource)) {
      Files.copy(in, target);
    }
  }

  /** Returns the fp32 export. */
  Path onnxFp32() {
    return folder.resolve("fp32.onnx");
  }

  /** Returns the int8 export. */
  Path onnxInt8() {
    return folder.resolve("int8.onnx");
  }

  /** Returns the fp32 export as a Kumiko model. */
  public Path kumikoFp32() {
    return folder.resolve("fp32.safetensors");
  }

  /** Returns that with int8 weights and activations; made only where an engine takes it. */
  Path kumikoInt8Activations() {
    return folder.resolve("int8-activations.safetensors");
  }

  /** Returns where the right vectors of a workload are. */
  Path reference(Workload workload) {
    return folder.resolve(workload.id() + ".vectors");
  }
}
