package dev.kumiko.tools.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Feeds a target with damaged inputs. What it must end in is success or a refusal of the parser's
 * own, soon, and with memory that follows the input's size.
 *
 * <p>An input that is refused with words that no input before was refused with joins those that are
 * damaged further: messages stand for the branches of the code, which is not instrumented. (Jazzer
 * 0.24 does that, but cannot read the class files of Java 25.)
 */
public final class Fuzzer {
  private static final long MOST_MEMORY = 64 << 20;
  private static final int MEMORY_PER_BYTE = 4;
  private static final Duration MOST_TIME = Duration.ofSeconds(5);
  private static final int FEWEST = 200;
  private static final int MOST_INPUTS = 2000;
  private static final int MOST_FINDINGS = 20;
  private static final int LONGEST_MESSAGE = 2000;

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Target target;
  private final List<byte[]> inputs;
  private final Set<String> words = new HashSet<>();
  private final Map<String, Finding> findings = new LinkedHashMap<>();
  private long executions;

  /** An input that ended in something else than it should, and in what. */
  static final class Finding {
    private final byte[] input;
    private final Throwable what;

    Finding(byte[] input, Throwable what) {
      this.input = input;
      this.what = what;
    }

    Throwable what() {
      return what;
    }
  }

  /** A fuzzer that begins with the target's seeds. */
  Fuzzer(Target target) throws IOException {
    this.target = target;
    this.inputs = new ArrayList<>(target.seeds());
  }

  /**
   * Runs until there are enough executions, it took long enough (and there were some, however slow
   * the machine), or too much was found.
   */
  void run(long mostExecutions, Duration mostTime, long seed) {
    Random random = new Random(seed);
    Mutator mutator = new Mutator(random);
    long end = System.nanoTime() + mostTime.toNanos();
    for (byte[] input : List.copyOf(inputs)) {
      run(input);
    }
    while (executions < mostExecutions
        && (executions < FEWEST || System.nanoTime() < end)
        && findings.size() < MOST_FINDINGS) {
      byte[] input = inputs.get(random.nextInt(inputs.size()));
      byte[] other = inputs.get(random.nextInt(inputs.size()));
      run(mutator.changed(input, other));
    }
  }

  long executions() {
    return executions;
  }

  /** Returns how many kinds of refusals there were. */
  int refusals() {
    return words.size();
  }

  List<Finding> findings() {
    return List.copyOf(findings.values());
  }

  /** Runs one input. */
  void run(byte[] input) {
    executions++;
    long memory = THREADS.getCurrentThreadAllocatedBytes();
    long time = THREADS.getCurrentThreadCpuTime();
    Throwable what = null;
    try {
      target.read(input.clone());
    } catch (IOException e) {
      what = refusal(input, e);
    } catch (RuntimeException | Error e) {
      what = e;
    }
    memory = THREADS.getCurrentThreadAllocatedBytes() - memory;
    time = THREADS.getCurrentThreadCpuTime() - time;
    if (what == null && memory > MOST_MEMORY + (long) MEMORY_PER_BYTE * input.length) {
      what = new AssertionError("allocates %,d bytes".formatted(memory));
    }
    if (what == null && time > MOST_TIME.toNanos()) {
      what = new AssertionError("takes %,d ms".formatted(time / 1_000_000));
    }
    if (what != null) {
      findings.putIfAbsent(kind(what), new Finding(input, what));
    }
  }

  private Throwable refusal(byte[] input, IOException refusal) {
    String message = refusal.getMessage();
    if (message == null || message.isBlank() || message.lines().count() != 1) {
      return new AssertionError("the message is no line: " + message, refusal);
    }
    if (message.length() > LONGEST_MESSAGE
        || message.contains("tools.jackson")
        || message.contains("Exception")) {
      String beginning = message.substring(0, Math.min(300, message.length()));
      return new AssertionError("the message is not for people: " + beginning, refusal);
    }
    if (words.add(message.replaceAll("\".*\"|[^a-zA-Z ]+", "")) && inputs.size() < MOST_INPUTS) {
      inputs.add(input);
    }
    return null;
  }

  /** Two findings are of a kind if they come from one place. */
  private static String kind(Throwable what) {
    String place =
        Arrays.stream(what.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("dev.kumiko"))
            .findFirst()
            .map(StackTraceElement::toString)
            .orElse("");
    return what.getClass() + " " + place;
  }

  /** Writes the inputs of the findings into a folder, named after what they end in. */
  List<Path> write(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Finding finding : findings.values()) {
      Files.createDirectories(folder);
      String name =
          finding.what.getClass().getSimpleName()
              + "-"
              + Integer.toHexString(Arrays.hashCode(finding.input));
      files.add(Files.write(folder.resolve(name), finding.input));
    }
    return files;
  }

  /**
   * Fuzzes one target from the command line.
   *
   * @param arguments the target's name, the most executions, the most seconds, a seed, and a folder
   *     for findings
   */
  public static void main(String... arguments) throws IOException {
    Target target = Targets.named(arguments[0]);
    Fuzzer fuzzer = new Fuzzer(target);
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
    fuzzer.run(Long.parseLong(arguments[1]), time, Long.parseLong(arguments[3]));
    PrintStream out = System.out;
    out.printf(
        "%s: %,d executions, %d kinds of refusals, %d findings%n",
        target.name(), fuzzer.executions(), fuzzer.refusals(), fuzzer.findings().size());
    for (Finding finding : fuzzer.findings()) {
      finding.what.printStackTrace(out);
    }
    fuzzer.write(Path.of(arguments[4])).forEach(out::println);
  }
}
