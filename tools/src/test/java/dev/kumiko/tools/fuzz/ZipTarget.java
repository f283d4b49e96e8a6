package dev.kumiko.tools.fuzz;

import dev.kumiko.StoredEntries;
import dev.kumiko.tools.convert.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** JARs with a model: as a default model on the class path, and as a source to convert. */
final class ZipTarget implements Target {
  private static final String MODEL = "META-INF/kumiko/default-model.safetensors";

  private final Path folder;

  ZipTarget() throws IOException {
    this.folder = Loading.folder();
  }

  @Override
  public String name() {
    return "zip";
  }

  @Override
  public List<byte[]> seeds() throws IOException {
    byte[] model = Files.readAllBytes(Loading.converted("cross-encoders/bert-reranker", folder));
    byte[] onnx = Files.readAllBytes(TestModels.resource("tiny-bert/relu-opset20.onnx"));
    byte[] tokenizer = Files.readAllBytes(TestModels.resource("tiny-bert/tokenizer.json"));
    return List.of(
        zip(true, MODEL, model),
        zip(false, MODEL, model),
        zip(true, "model.onnx", onnx, "tokenizer.json", tokenizer),
        zip(false, "model.onnx", onnx, "tokenizer.json", tokenizer));
  }

  private static byte[] zip(boolean stored, Object... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < entries.length; i += 2) {
        ZipEntry entry = new ZipEntry((String) entries[i]);
        byte[] content = (byte[]) entries[i + 1];
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(stored ? ZipEntry.STORED : ZipEntry.DEFLATED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public void read(byte[] input) throws IOException {
    Path jar = Files.write(folder.resolve("fuzz.jar"), input);
    StoredEntries.open(jar, MODEL);
    FolderTarget.convert(jar, folder.resolve("t.safetensors"), TestModels.STATED);
  }
}
