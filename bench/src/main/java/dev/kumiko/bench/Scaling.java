package dev.kumiko.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A program that embeds ever more sentences in one call, to see whether cost grows linearly. */
final class Scaling {
  private static final int THREADS = 2;

  private Scaling() {}

  /** One call. */
  record Call(int sentences, long tokens, double seconds, double peakMegabytes) {
    static Call parse(String line) {
      String[] parts = line.split(" ", -1);
      return new Call(
          Integer.parseInt(parts[0]),
          Long.parseLong(parts[1]),
          Double.parseDouble(parts[2]),
          Double.parseDouble(parts[3]));
    }

    @Override
    public String toString() {
      return sentences + " " + tokens + " " + seconds + " " + peakMegabytes;
    }

    double microsPerToken() {
      return seconds * 1e6 / tokens;
    }
  }

  /** Takes the folder of the models and numbers of sentences; prints one {@link Call} a line. */
  public static void main(String[] args) {
    Models models = new Models(Path.of(args[0]));
    try (Engine engine = EngineKind.KUMIKO_INT8.load(models, THREADS)) {
      List<String> few = Workload.B.texts();
      SteadyState.reach(() -> engine.embed(few));
      for (int i = 1; i < args.length; i++) {
        List<String> texts = Workload.sentences(Integer.parseInt(args[i]));
        long start = System.nanoTime();
        int vectors = engine.embed(texts).length;
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.println(
            new Call(vectors, Workload.tokens(texts), seconds, PeakMemory.megabytes()));
      }
    }
  }

  /** Runs the program. */
  static List<Call> run(Models models, List<Integer> sentences, Path log, List<String> more)
      throws IOException {
    String[] arguments = new String[sentences.size() + 1];
    arguments[0] = models.folder().toString();
    for (int i = 0; i < sentences.size(); i++) {
      arguments[i + 1] = sentences.get(i).toString();
    }
    return ChildJvm.run(
            log,
            EngineKind.KUMIKO_INT8.jvmFlags(more),
            System.getProperty("java.class.path"),
            Scaling.class,
            arguments)
        .lines()
        .stream()
        .map(Call::parse)
        .toList();
  }
}
