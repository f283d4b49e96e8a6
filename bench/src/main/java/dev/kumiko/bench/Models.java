package dev.kumiko.bench;

import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models compared: the published exports, and Kumiko's conversion of the fp32 one. */
final class Models {
  static final String FP32 = "/all-minilm-l6-v2.onnx";
  static final String INT8 = "/all-minilm-l6-v2-q.onnx";

  private Models() {}

  /** Returns an export's bytes. */
  static byte[] onnx(String resource) {
    try (InputStream in = Models.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Converts the fp32 export into a file that is deleted when the JVM ends. */
  static Path kumikoFp32() {
    URL url = Models.class.getResource(FP32);
    String jar = url.toString().replaceFirst("^jar:", "").replaceFirst("!.*$", "");
    try {
      Path target = Files.createTempFile("kumiko-fp32-", ".safetensors");
      target.toFile().deleteOnExit();
      Converter.convert(Path.of(URI.create(jar)), target, Converter.Options.NONE, line -> {});
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
