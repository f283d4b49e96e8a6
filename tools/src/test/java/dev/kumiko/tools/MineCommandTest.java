package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On vectors that are made by hand: what is mined from models' is compared in the engine. */
class MineCommandTest {
  @TempDir private Path folder;

  private Path source;
  private Path target;
  private Path sourceVectors;
  private Path targetVectors;

  @BeforeEach
  void files() throws IOException {
    source = Files.writeString(folder.resolve("s.de"), "Dach\nRechnung\nDach\n\nBaum\n");
    target = Files.writeString(folder.resolve("t.en"), "invoice\nroof\ncar\n");
    float[] roof = {1, 0, 0, 0.1f};
    float[] invoice = {0, 1, 0, 0.1f};
    sourceVectors =
        NpyBytes.floats(
            folder.resolve("s.npy"), roof, invoice, roof, new float[4], new float[] {0, 0, 1, 0});
    targetVectors =
        NpyBytes.floats(folder.resolve("t.npy"), invoice, roof, new float[] {0, 0, 0.5f, 1});
  }

  private Outcome mine(String... more) {
    List<String> arguments = new ArrayList<>(List.of("mine"));
    arguments.addAll(List.of("--source-vectors", sourceVectors.toString()));
    arguments.addAll(List.of("--target-vectors", targetVectors.toString()));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of(source.toString(), target.toString()));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private static List<String> fields(Outcome outcome) {
    assertEquals(0, outcome.code, outcome.err);
    return outcome.out.lines().map(line -> line.substring(line.indexOf('\t') + 1)).toList();
  }

  @Test
  void eachSentenceIsMinedOnceTheBestFirst() throws IOException {
    Outcome outcome = mine();
    assertEquals(
        List.of("1\t2\tDach\troof", "2\t1\tRechnung\tinvoice", "5\t3\tBaum\tcar"),
        fields(outcome).stream().sorted().toList());
    double first = Double.parseDouble(outcome.out.substring(0, outcome.out.indexOf('\t')));
    // The pair's cosine by the mean of means, each over all three others, fewer than 4.
    double own = 1;
    double other = 0.01 / 1.01;
    double car = 0.1 / Math.sqrt(1.01 * 1.25);
    double forward = (own + other + car) / 3;
    double tree = 0;
    double backward = (own + other + tree) / 3;
    assertEquals(own / ((forward + backward) / 2), first, 1e-6);
    assertTrue(
        outcome.err.contains(
            source
                + ": 1 of 5 lines repeats an earlier one, the first is line 3; a sentence is mined"
                + " once, as its first line"),
        outcome.err);
    assertTrue(
        outcome.err.contains(
            source + ": 1 of 5 lines is empty, the first is line 4; they are left out"),
        outcome.err);
    assertEquals(
        List.of(outcome.out.lines().findFirst().get()), mine("--top", "1").out.lines().toList());
    assertEquals(2, fields(mine("--min-score", "2.6")).size());
    Path kept = folder.resolve("pairs.tsv");
    assertEquals("", mine("-o", kept.toString()).out);
    assertEquals(outcome.out, Files.readString(kept));
  }

  @Test
  void goldIsCountedAtTheThreshold() throws IOException {
    // Line 3 says the same as line 1.
    Path gold = Files.writeString(folder.resolve("gold"), "3\t2\n2\t1\n5\t1\n");
    String expected =
        "pairs      2\nright      2\ngold       3\n"
            + "precision  100.00\nrecall     66.67\nF1         80.00\n";
    Outcome best = mine("--gold", gold.toString());
    assertTrue(best.out.endsWith(expected), best.out);
    assertTrue(best.err.contains("which flatters F1"), best.err);
    assertTrue(mine("--gold", gold.toString(), "--min-score", "2.6").out.endsWith(expected));
    assertTrue(
        mine("--gold", gold.toString(), "--min-score", "0")
            .out
            .endsWith(
                "pairs      3\nright      2\ngold       3\n"
                    + "precision  66.67\nrecall     66.67\nF1         66.67\n"));
  }

  @Test
  void theThresholdIsLearnedOnTheTrainingSplit() throws IOException {
    List<String> texts = List.of("a roof", "the invoice", "an old tree");
    Path train = Files.writeString(folder.resolve("train"), String.join("\n", texts));
    Path known = Files.writeString(folder.resolve("known"), "1\t1\n2\t2\n3\t3\n");
    Path gold = Files.writeString(folder.resolve("gold"), "1\t1\n3\t3\n");
    Outcome outcome =
        Outcome.of(
            "mine",
            "-m",
            SmallModel.path(),
            "--gold",
            gold.toString(),
            "--train",
            train.toString(),
            train.toString(),
            known.toString(),
            train.toString(),
            train.toString());
    assertEquals("", outcome.err);
    assertTrue(
        outcome.out.endsWith(
            "pairs      3\nright      2\ngold       2\n"
                + "precision  66.67\nrecall     100.00\nF1         80.00\n"),
        outcome.out);
  }

  @Test
  void goldThatNamesNoLineIsNamed() throws IOException {
    Path gold = Files.writeString(folder.resolve("gold"), "1\t2\n9\t1\n");
    failed(gold, gold + ": line 2 names line \"9\" of " + source + ", which has lines 1 to 5");
    Files.writeString(gold, "1\tx\n");
    failed(gold, gold + ": line 1 names line \"x\" of " + target + ", which has lines 1 to 3");
    Files.writeString(gold, "4\t1\n");
    failed(gold, gold + ": line 1 names line 4 of " + source + ", which is empty");
    Files.writeString(gold, "4 1\n");
    failed(
        gold,
        gold
            + ": line 1 is \"4 1\", expected the numbers or ids of a source and a target line with"
            + " a tab between them");
    Files.writeString(gold, "");
    failed(gold, gold + ": is empty, expected gold pairs");
  }

  @Test
  void linesMayHaveIds() throws IOException {
    Path named = Files.writeString(folder.resolve("named"), "de-01\ta roof\nde-7\tan old tree\n");
    Path gold = Files.writeString(folder.resolve("gold"), "de-7\tde-7\nde-01\tde-01\n");
    Outcome pairs = mineIds(named);
    assertEquals(
        Set.of("de-01\tde-01\ta roof\ta roof", "de-7\tde-7\tan old tree\tan old tree"),
        pairs.out.lines().map(line -> line.split("\t", 2)[1]).collect(Collectors.toSet()));
    String f1 = "pairs      2\nright      2\ngold       2\n";
    assertTrue(mineIds(named, "--gold", gold.toString()).out.contains(f1));
    Files.writeString(gold, "de-8\tde-7\n");
    assertEquals(
        "kumiko: %s: line 1 names line \"de-8\" of %s, which has 2 ids, the first is \"de-01\"\n"
            .formatted(gold, named),
        mineIds(named, "--gold", gold.toString()).err);
    Files.writeString(named, "de-01\ta roof\nno tab\n");
    assertEquals(
        "kumiko: %s: line 2 is \"no tab\", expected an id, a tab and a text\n".formatted(named),
        mineIds(named).err);
    Files.writeString(named, "x\ta\ny\tb\nx\tc\n");
    assertEquals(
        "kumiko: %s: line 3 has the id \"x\", which line 1 has already\n".formatted(named),
        mineIds(named).err);
  }

  private static Outcome mineIds(Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of("mine", "-m", SmallModel.path(), "--ids"));
    arguments.addAll(List.of(more));
    arguments.add(file.toString());
    arguments.add(file.toString());
    return Outcome.of(arguments.toArray(String[]::new));
  }

  private void failed(Path gold, String message) {
    Outcome outcome = mine("--gold", gold.toString());
    assertTrue(outcome.err.contains("kumiko: " + message), outcome.err);
    assertEquals(1, outcome.code);
    assertEquals("", outcome.out);
  }

  @Test
  void wrongOptionsAreNamed() {
    mine("--neighbours", "0").failed(2, "--neighbours must be from 1 to 1000, not 0");
    mine("--top", "0").failed(2, "--top must be at least 1, not 0");
    mine("--train", "a", "b", "c", "--min-score", "1")
        .failed(2, "--train learns the score that --min-score states; leave out one");
  }
}
