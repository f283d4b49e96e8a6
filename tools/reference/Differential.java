import dev.kumiko.Embedder;
import dev.kumiko.LongText;
import dev.kumiko.format.Json;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Kumiko's side of differential.py: converts every folder below the given one, and embeds the texts with it. */
public class Differential {
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[0]);
    List<String> texts = new ArrayList<>();
    try (var in = Files.newInputStream(root.resolve("texts.json"))) {
      for (Json text : Json.parse("texts.json", in).items()) {
        texts.add(text.asString());
      }
    }
    List<Path> folders;
    try (var found = Files.list(root)) {
      folders = found.filter(Files::isDirectory).sorted().toList();
    }
    for (Path folder : folders) {
      Files.writeString(folder.resolve("kumiko.json"), outcome(folder, texts));
    }
  }

  private static String outcome(Path folder, List<String> texts) throws IOException {
    Path model = folder.resolve("converted.kumiko");
    List<String> log = new ArrayList<>();
    try {
      Converter.convert(folder, model, ConversionOptions.NONE, log::add);
    } catch (IOException e) {
      return "{\"refused\":" + Json.text(String.valueOf(e.getMessage())) + "}";
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return "{\"crashed\":" + Json.text(e.toString()) + "}";
    }
    StringBuilder ids = new StringBuilder();
    StringBuilder vectors = new StringBuilder();
    try (Embedder embedder = Embedder.builder().threads(1).longText(LongText.CUT).load(model)) {
      for (String text : texts) {
        String separator = ids.isEmpty() ? "" : ",";
        ids.append(separator).append(Arrays.toString(embedder.tokenize(text).ids()));
        vectors.append(separator).append(Arrays.toString(embedder.embed(text).vector()));
      }
    } catch (IOException | RuntimeException e) {
      return "{\"crashed\":" + Json.text(e.toString()) + "}";
    } finally {
      Files.delete(model);
    }
    return "{\"ids\":[%s],\"vectors\":[%s],\"log\":%s}".formatted(ids, vectors, Json.text(log));
  }
}
