package dev.kumiko.bench;

import dev.kumiko.format.Architecture;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelDescription;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.Tensor;
import dev.kumiko.tools.convert.BertNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Kumiko model in fp32, turned back into the files that it came from. */
final class HuggingFaceFolder {
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";

  private HuggingFaceFolder() {}

  /** Writes weights, configuration and tokenizer. */
  static void write(Path kumikoModel, Path folder) throws IOException {
    Files.createDirectory(folder);
    try (ModelFile file = ModelFile.open(kumikoModel);
        InputStream tokenizer = HuggingFaceFolder.class.getResourceAsStream(TOKENIZER)) {
      Architecture architecture = ModelDescription.of(file).architecture();
      writeWeights(file, architecture, folder.resolve("model.safetensors"));
      Files.writeString(folder.resolve("config.json"), Json.text(config(architecture)));
      Files.copy(tokenizer, folder.resolve("tokenizer.json"));
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          Json.text(Map.of("tokenizer_class", "BertTokenizer", "do_lower_case", true)));
    }
  }

  private static Map<String, Object> config(Architecture a) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("BertModel"));
    config.put("model_type", "bert");
    config.put("hidden_act", "gelu");
    config.put("hidden_size", a.hiddenSize());
    config.put("intermediate_size", a.intermediateSize());
    config.put("layer_norm_eps", a.layerNormEpsilon());
    config.put("max_position_embeddings", a.positions());
    config.put("num_attention_heads", a.attentionHeads());
    config.put("num_hidden_layers", a.layers());
    config.put("type_vocab_size", a.tokenTypes());
    config.put("vocab_size", a.vocabularySize());
    return config;
  }

  private static void writeWeights(ModelFile file, Architecture a, Path target)
      throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    List<ByteBuffer> data = new ArrayList<>();
    long end = 0;
    for (Map.Entry<String, String> name : BertNames.inPyTorch(a.layers()).entrySet()) {
      Tensor tensor = file.tensor(name.getKey());
      data.add(tensor.data().asByteBuffer());
      end = put(header, name.getValue(), tensor.shape(), end);
    }
    // Jlama asks for the pooler, which the mean over tokens has no use for.
    long size = a.hiddenSize();
    end = put(header, "pooler.dense.weight", List.of(size, size), end);
    put(header, "pooler.dense.bias", List.of(size), end);
    data.add(ByteBuffer.allocate(Math.toIntExact((size + 1) * size * Float.BYTES)));
    byte[] json = Json.text(header).getBytes(StandardCharsets.UTF_8);
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      write(out, length.putLong(json.length).flip());
      write(out, ByteBuffer.wrap(json));
      for (ByteBuffer bytes : data) {
        write(out, bytes);
      }
    }
  }

  /** Says where the next tensor lies, and returns where it ends. */
  private static long put(Map<String, Object> header, String name, List<Long> shape, long begin) {
    long elements = shape.stream().reduce(1L, (x, y) -> x * y);
    long end = begin + elements * Float.BYTES;
    header.put(name, Map.of("dtype", "F32", "shape", shape, "data_offsets", List.of(begin, end)));
    return end;
  }

  private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }
}
