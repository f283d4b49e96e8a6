import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import dev.kumiko.format.Pooling;
import dev.kumiko.tools.convert.ConversionOptions;
import dev.kumiko.tools.convert.Converter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Converts what onnx_exports.py made and compares the vectors with those of ONNX Runtime, component
 * by component. From the checkout, after {@code mvn package}:
 *
 * <pre>java --add-modules jdk.incubator.vector -cp "tools/target/classes:tools/target/lib/*" \
 *   tools/reference/CompareOnnx.java FOLDER [part of a name]</pre>
 */
class CompareOnnx {
  /** ONNX Runtime sums in another order; in fp16 it rounds every step. */
  private static final double TOLERANCE = 2e-6;

  private static final double HALF_TOLERANCE = 2e-3;

  public static void main(String[] args) throws IOException {
    String part = args.length > 1 ? args[1] : "";
    List<Path> folders;
    try (Stream<Path> all = Files.list(Path.of(args[0]))) {
      folders = all.filter(f -> f.getFileName().toString().contains(part)).sorted().toList();
    }
    Map<String, Integer> count = new TreeMap<>();
    double worst = 0;
    double worstHalf = 0;
    for (Path folder : folders) {
      String name = folder.getFileName().toString();
      String result;
      try {
        double distance = distance(folder);
        boolean half = name.contains("-fp16") && !name.contains("cast");
        result = distance <= (half ? HALF_TOLERANCE : TOLERANCE) ? "as ONNX Runtime" : "WRONG";
        if (half) {
          worstHalf = Math.max(worstHalf, distance);
        } else {
          worst = Math.max(worst, distance);
        }
        if (result.equals("WRONG")) {
          System.out.printf("%s: off by %.3g%n", name, distance);
        }
      } catch (IOException e) {
        result = "refused";
        System.out.printf("%s: %s%n", name, e.getMessage().replace(folder.toString(), ""));
      } catch (RuntimeException e) {
        result = "CRASH";
        System.out.println(name);
        e.printStackTrace(System.out);
      }
      count.merge(result, 1, Integer::sum);
    }
    System.out.printf("%d files: %s; worst difference %.3g, in fp16 %.3g%n", folders.size(), count, worst, worstHalf);
  }

  private static double distance(Path folder) throws IOException {
    Path target = Files.createTempFile("kumiko-", ".safetensors");
    try {
      Json expected;
      try (InputStream in = Files.newInputStream(folder.resolve("expected.json"))) {
        expected = Json.parse("expected.json", in);
      }
      int longest = 3;
      for (Json ids : expected.get("ids").items()) {
        longest = Math.max(longest, ids.items().size());
      }
      var options = new ConversionOptions(Optional.of("a"), Optional.of(Pooling.MEAN), Optional.of(false),
          Optional.of(longest), Optional.empty());
      Converter.convert(folder.resolve("model.onnx"), target, options, line -> {});
      double worst = 0;
      try (Embedder embedder = Embedder.load(target)) {
        List<Json> texts = expected.get("texts").items();
        List<Json> vectors = expected.get("vectors").items();
        for (int i = 0; i < texts.size(); i++) {
          float[] vector = embedder.embed(texts.get(i).asString()).vector();
          List<Json> components = new ArrayList<>(vectors.get(i).items());
          if (vector.length != components.size()) {
            return Double.POSITIVE_INFINITY;
          }
          for (int c = 0; c < vector.length; c++) {
            double apart = Math.abs(vector[c] - components.get(c).asDouble());
            worst = Math.max(worst, apart);
          }
        }
      }
      return worst;
    } finally {
      Files.delete(target);
    }
  }
}
