package dev.kumiko.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class UsageTest {
  @Test
  void everyCommandHasHelpWithAnExample() {
    for (String command :
        List.of(
            "embed",
            "similar",
            "rerank",
            "mine",
            "pairs",
            "tokenize",
            "inspect",
            "convert",
            "prune",
            "compress",
            "export",
            "generate",
            "eval",
            "bench")) {
      Outcome help = Outcome.of(command, "--help").silent();
      assertTrue(help.out.startsWith("Usage: kumiko " + command), help.out);
      assertTrue(help.out.contains("\n  kumiko " + command), help.out);
    }
    assertTrue(Outcome.of("eval", "sts", "-h").silent().out.contains("kumiko eval sts [-hV]"));
    for (String kind : List.of("sts", "bitext", "retrieval", "recall", "frontier")) {
      Outcome help = Outcome.of("eval", kind, "--help").silent();
      assertTrue(help.out.contains("\n  kumiko eval " + kind), help.out);
      help.out.lines().forEach(UsageTest::checkWidth);
    }
    Outcome.of("--help").silent().out.lines().forEach(UsageTest::checkWidth);
  }

  private static void checkWidth(String line) {
    assertTrue(line.length() <= 80, line);
  }

  @Test
  void theVersionIsTheBuilds() {
    String version = Outcome.of("--version").silent().out;
    assertTrue(version.matches("kumiko \\d+\\.\\d+\\.\\d+\\S*\\RJava \\d+.*\\R"), version);
  }

  @Test
  void whatIsNotUnderstood() {
    Outcome.of("embd")
        .failed(
            2, "Unmatched argument at index 0: 'embd'; did you mean embed? (see kumiko --help)");
    Outcome.of("embed", "--modle", "x")
        .failed(
            2,
            "Unknown option: '--modle'; a text that begins with - goes behind --"
                + " (see kumiko embed --help)");
    Outcome.of("similar").failed(2, "Missing required parameter: 'A' (see kumiko similar --help)");
    Outcome.of().failed(2, "Missing required subcommand (see kumiko --help)");
    Outcome.of("eval").failed(2, "Missing required subcommand (see kumiko eval --help)");
    Outcome.of("embed", "-f", "xml", "a")
        .failed(
            2,
            "Invalid value for option '--format': 'xml' is none of json, csv, npy"
                + " (see kumiko embed --help)");
    Outcome.of("convert", "a", "b", "--pooling", "mean-sqrt")
        .failed(
            2,
            "Invalid value for option '--pooling': 'mean-sqrt' is none of mean, cls, max,"
                + " mean-sqrt-len, last-token, weighted-mean, weighted-mean-from-text"
                + " (see kumiko convert --help)");
  }

  @Test
  void aCommandWithoutTextsDoesNotSpeakOfThem() {
    Outcome.of("serve", "--prot", "1")
        .failed(2, "Unknown option: '--prot' (see kumiko serve --help)");
    Outcome.of("serve", "model.safetensors")
        .failed(
            2,
            "Unmatched argument at index 1: 'model.safetensors'; this command has options alone"
                + " (see kumiko serve --help)");
    Outcome.of("serve", "--max-body", "8MB")
        .failed(
            2,
            "Invalid value for option '--max-body': '8MB' is no whole number"
                + " (see kumiko serve --help)");
  }

  @Test
  void theFirstOfManyWordsThatAreNotUnderstoodIsNamed() {
    Outcome.of("inspect", "--one", "--two", "model")
        .failed(
            2,
            "Unknown option: '--one'; a text that begins with - goes behind --"
                + " (see kumiko inspect --help)");
    Outcome.of("inspect", "model", "other", "more")
        .failed(2, "Unmatched argument at index 2: 'other' (see kumiko inspect --help)");
  }

  @Test
  void theBenchmarkIsElsewhere() {
    Outcome.of("bench", "x")
        .failed(1, "bench is not part of this JAR; run ./kumiko bench in Kumiko's source tree");
  }

  @Test
  void debugShowsTheStackTrace() {
    Outcome outcome = Outcome.of("--debug", "embed", "-m", "none.safetensors", "a");
    assertTrue(outcome.err.contains("kumiko: none.safetensors: no such file"), outcome.err);
    assertTrue(outcome.err.contains("\tat dev.kumiko.tools."), outcome.err);
    assertEquals(1, outcome.code);
  }
}
