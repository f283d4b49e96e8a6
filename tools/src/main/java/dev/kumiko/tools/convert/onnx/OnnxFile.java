package dev.kumiko.tools.convert.onnx;

import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionException;
import dev.kumiko.tools.convert.ModelSource;
import dev.kumiko.tools.convert.SourceModel;
import dev.kumiko.tools.convert.Traits;
import dev.kumiko.tools.convert.onnx.graph.OnnxReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An {@code .onnx} and the {@code tokenizer.json} that belongs to it, from a folder or a JAR. */
public final class OnnxFile implements ModelSource {
  private static final String SUFFIX = ".onnx";
  private static final int CHUNK = 1 << 16;

  private final FileChannel file;
  private final Optional<Path> folder;
  private final String label;
  private final String origin;
  private final Json tokenizer;
  private final Traits traits;
  private final Arena arena = Arena.ofConfined();

  private OnnxFile(
      FileChannel file,
      Optional<Path> folder,
      String label,
      String origin,
      Json tokenizer,
      Traits traits) {
    this.file = file;
    this.folder = folder;
    this.label = label;
    this.origin = origin;
    this.tokenizer = tokenizer;
    this.traits = traits;
  }

  /**
   * Opens an {@code .onnx} file with its tokenizer beside it.
   *
   * @throws IOException if there is no such tokenizer or it cannot be read
   */
  public static OnnxFile open(Path onnx) throws IOException {
    String name = onnx.getFileName().toString();
    List<String> names = tokenizerNames(stem(name));
    Path tokenizer =
        names.stream()
            .map(onnx::resolveSibling)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElseThrow(
                () ->
                    new ConversionException(
                        "%s: no tokenizer lies beside it; put its %s there."
                            .formatted(onnx, String.join(" or ", names))));
    try (InputStream in = Files.newInputStream(tokenizer)) {
      Json json = Json.parse(tokenizer.toString(), in);
      Optional<Path> folder = Optional.of(onnx.toAbsolutePath().getParent());
      FileChannel file = FileChannel.open(onnx);
      return new OnnxFile(file, folder, onnx.toString(), name, json, traits(name));
    }
  }

  /**
   * Opens the {@code .onnx} and the tokenizer that a JAR holds, over a temporary copy: a file
   * without a name, so that nothing stays when the process is killed.
   *
   * @throws IOException if it does not hold them or cannot be read
   */
  public static OnnxFile openJar(Path jar) throws IOException {
    Path name = Files.createTempFile("kumiko-", SUFFIX);
    FileChannel copy =
        FileChannel.open(
            name,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry onnx = onlyOnnx(jar, zip);
      ZipEntry tokenizer = tokenizerOf(jar, zip, onnx);
      try (InputStream model = zip.getInputStream(onnx);
          InputStream text = zip.getInputStream(tokenizer)) {
        Json json = Json.parse(jar + "!/" + tokenizer.getName(), text);
        copy(model, copy, name);
        String entry = onnx.getName().substring(folderOf(onnx).length());
        String origin = entry + " in " + jar.getFileName();
        String label = jar + "!/" + onnx.getName();
        return new OnnxFile(copy, Optional.empty(), label, origin, json, traits(entry));
      }
    } catch (IOException e) {
      copy.close();
      throw notWhole(jar, e);
    }
  }

  /** What the JDK says of a JAR names no file, and of an entry that lies behind its end nothing. */
  private static IOException notWhole(Path jar, IOException e) {
    if (e instanceof ZipException || e instanceof EOFException) {
      String why = e.getMessage() == null ? "it ends within an entry" : e.getMessage();
      return new ConversionException("%s is not a whole JAR: %s.".formatted(jar, why));
    }
    return e;
  }

  private static void copy(InputStream in, FileChannel out, Path name) throws IOException {
    byte[] bytes = new byte[CHUNK];
    for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
      try {
        while (rest.hasRemaining()) {
          out.write(rest);
        }
      } catch (IOException e) {
        throw new IOException(
            "a temporary file in %s: not written: %s".formatted(name.getParent(), e.getMessage()),
            e);
      }
    }
  }

  @Override
  public SourceModel read(Consumer<String> log) throws IOException {
    EncoderGraph.Encoder encoder = EncoderGraph.read(OnnxReader.read(file, label, folder, arena));
    if (!encoder.unused().isEmpty()) {
      log.accept("Not needed by the encoder: " + String.join(", ", encoder.unused()));
    }
    return new SourceModel(
        label,
        origin,
        encoder.architecture(),
        encoder.weights(),
        tokenizer,
        encoder.pooled().map(pooled -> pooledAs(pooled, log)).orElse(traits));
  }

  private Traits pooledAs(PooledOutput pooled, Consumer<String> log) {
    log.accept(
        "The graph's output %s is pooled by %s and %s: so is the model, unless the options say otherwise."
            .formatted(
                pooled.output(),
                pooled.pooling().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                pooled.normalize() ? "normalised" : "not normalised"));
    return traits.pooledBy(pooled.pooling(), pooled.normalize());
  }

  @Override
  public void close() throws IOException {
    arena.close();
    file.close();
  }

  private static ZipEntry onlyOnnx(Path jar, ZipFile zip) throws ConversionException {
    List<? extends ZipEntry> found;
    try (Stream<? extends ZipEntry> entries = zip.stream()) {
      found = entries.filter(entry -> entry.getName().endsWith(SUFFIX)).toList();
    }
    if (found.size() != 1) {
      throw new ConversionException(
          "%s holds %d .onnx files %s, expected one."
              .formatted(jar, found.size(), found.stream().map(ZipEntry::getName).toList()));
    }
    return found.get(0);
  }

  private static ZipEntry tokenizerOf(Path jar, ZipFile zip, ZipEntry onnx)
      throws ConversionException {
    String folder = folderOf(onnx);
    List<String> names = tokenizerNames(stem(onnx.getName().substring(folder.length())));
    return names.stream()
        .flatMap(name -> Optional.ofNullable(zip.getEntry(folder + name)).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ConversionException(
                    "%s holds %s but no %s beside it."
                        .formatted(jar, onnx.getName(), String.join(" or ", names))));
  }

  private static String folderOf(ZipEntry entry) {
    return entry.getName().substring(0, entry.getName().lastIndexOf('/') + 1);
  }

  private static List<String> tokenizerNames(String stem) {
    return List.of(stem + "-tokenizer.json", "tokenizer.json");
  }

  private static String stem(String file) {
    return file.substring(0, file.length() - SUFFIX.length());
  }

  private static Traits traits(String file) {
    return KnownModels.find(stem(file)).orElseGet(() -> Traits.unknown(stem(file)));
  }
}
