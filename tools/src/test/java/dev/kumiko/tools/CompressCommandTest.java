package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import dev.kumiko.format.Json;
import dev.kumiko.format.ModelFile;
import dev.kumiko.format.TensorNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compress} and {@code eval frontier}. */
class CompressCommandTest {
  @TempDir private Path folder;

  private Path target;

  @BeforeEach
  void name() {
    target = folder.resolve("small.safetensors");
  }

  private Outcome compress(String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "compress";
    all[1] = SmallModel.path();
    all[2] = target.toString();
    System.arraycopy(options, 0, all, 3, options.length);
    return Outcome.of(all);
  }

  private Path corpus(String text) throws IOException {
    return Files.writeString(folder.resolve("corpus.txt"), text);
  }

  @Test
  void makesAModelThatInspectDescribes() throws IOException {
    Path corpus = corpus("A purlin carries the rafters of a roof.\n\nroof\n");
    Outcome outcome =
        compress("--parts", "8", "--codes", "64", "--int8", "--corpus", corpus.toString());
    assertEquals(0, outcome.code, outcome.err);
    assertTrue(outcome.err.startsWith("kumiko: wrote " + target + ": "), outcome.err);
    Json facts = Outcome.of("inspect", target.toString(), "--json").silent().json().get(0);
    Json table = facts.get("token_table");
    assertEquals("context 8 x 64", table.get("kind").asString());
    assertEquals("I8", table.get("type").asString());
    assertEquals(64 * 48, table.get("parameters").asInt());
    assertEquals(64 * 48 + 8 * 64 * 4 + 3640 * 8, table.get("bytes").asInt());
    assertEquals("98.24%", table.get("share_cut").asString());
    Outcome.of("embed", "-m", target.toString(), "roof").silent();
  }

  @Test
  void frequentTokensKeepTheirRows() throws IOException {
    Path corpus = corpus("roof\nroof roof\n");
    String[] options = {
      "--parts", "4", "--codes", "64", "--corpus", corpus.toString(), "--own-rows", "3"
    };
    Outcome outcome = compress(options);
    assertEquals(0, outcome.code, outcome.err);
    try (ModelFile file = ModelFile.open(target);
        Embedder embedder = Embedder.load(Path.of(SmallModel.path()))) {
      // The word is three tokens, which occur three times each; [CLS] and [SEP] always keep theirs.
      int[] ids = file.tensor(TensorNames.OWN_ROW_IDS).toInts();
      int[] roof = embedder.tokenize("roof").ids();
      assertTrue(Arrays.binarySearch(ids, roof[1]) >= 0, Arrays.toString(ids));
      assertTrue(Arrays.binarySearch(ids, roof[0]) >= 0, Arrays.toString(ids));
    }
    options[7] = "2000";
    compress(options)
        .failed(1, "--own-rows is 2,000, but only 5 different tokens occur in the corpus");
    compress("--parts", "4", "--codes", "64", "--own-rows", "3")
        .failed(2, "--own-rows 3 needs --corpus, which says what is frequent");
  }

  @Test
  void refusesACorpusThatSaysNothing() throws IOException {
    String[] options = {"--parts", "8", "--codes", "64", "--corpus", corpus("").toString()};
    compress(options).failed(1, options[5] + ": is empty, expected texts, one a line");
    corpus("\uD83D\uDC26\n\n");
    compress(options)
        .failed(
            1,
            options[5]
                + ": has no token that bert-mean knows; is it text in the model's language?");
    assertFalse(Files.exists(target));
  }

  @Test
  void refusesWhatCannotBe() throws IOException {
    compress("--parts", "8")
        .failed(2, "Missing required option: '--codes=Q' (see kumiko compress --help)");
    compress("--parts", "8", "--codes", "64", "--order")
        .failed(2, "--order goes with --assignment cartesian only");
    compress("--parts", "8", "--codes", "64", "--threads", "0")
        .failed(2, "--threads must be at least 1, not 0");
    compress("--parts", "8", "--codes", "64", "--assignment", "random")
        .failed(
            2,
            "Invalid value for option '--assignment': 'random' is none of cartesian, context"
                + " (see kumiko compress --help)");
    target = folder.resolve("none/small.safetensors");
    compress("--parts", "8", "--codes", "64")
        .failed(
            1,
            "%s: not written: the directory %s is not there".formatted(target, target.getParent()));
    target = corpus("something else");
    compress("--parts", "8", "--codes", "64")
        .failed(1, target + ": not written: it exists and is no Kumiko model; name another file");
    assertEquals("something else", Files.readString(target));
  }

  @Test
  void aFailureKeepsWhatWasThere() throws IOException {
    assertEquals(0, compress("--parts", "8", "--codes", "64").code);
    byte[] before = Files.readAllBytes(target);
    assertEquals(1, compress("--parts", "99", "--codes", "64").code);
    assertArrayEquals(before, Files.readAllBytes(target));
    assertEquals(List.of("small.safetensors"), names());
  }

  private List<String> names() {
    return List.of(folder.toFile().list());
  }

  @Test
  void theFrontierIsATableAndAChart() throws IOException {
    assertEquals(0, compress("--parts", "8", "--codes", "64").code);
    Path pairs =
        Files.writeString(
            folder.resolve("pairs.csv"),
            "a roof,the roof,4.5\na fruit,a roof,1\nrafters,purlins,3\nroof,roof,5\n");
    Path chart = folder.resolve("chart.png");
    Outcome outcome =
        Outcome.of(
            "eval",
            "frontier",
            "--pairs",
            pairs.toString(),
            "--chart",
            chart.toString(),
            SmallModel.path(),
            target.toString());
    String[] lines = outcome.silent().out.split("\\R", -1);
    assertTrue(lines[0].matches("model +token table +type +bytes +cut +error +Spearman +sent.*"));
    assertTrue(
        lines[1].matches("small +dense +F32 +698,880 +0\\.00% +0\\.0000 +-?\\d.*"), lines[1]);
    assertTrue(
        lines[2].matches("small +context 8 x 64 +F32 +41,408 +98\\.24% +0\\.[1-9]\\d+ +-?\\d.*"),
        lines[2]);
    assertEquals(1000, ImageIO.read(chart.toFile()).getWidth());
  }

  @Test
  void theFrontierNeedsModels() {
    Outcome.of("eval", "frontier", "--pairs", "x.csv")
        .failed(2, "Missing required parameter: 'MODEL' (see kumiko eval frontier --help)");
  }
}
