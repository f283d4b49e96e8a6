package dev.kumiko.server;

import dev.kumiko.Precision;
import dev.kumiko.server.batch.BatchSettings;
import dev.kumiko.server.http.Address;
import dev.kumiko.server.http.Limits;
import dev.kumiko.server.model.ModelSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of {@code kumiko serve}. They are no annotated fields, as those of other commands
 * are: reading annotations would take a tenth of a server's start.
 */
final class ServeOptions {
  /** Browsers send no path, and small letters. */
  private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/\\s*?#@A-Z]+");

  private static final String DEFAULT_MODEL = "default";

  private final OptionSpec models =
      OptionSpec.builder("-m", "--model")
          .paramLabel("[NAME=]FILE")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .description(
              "A Kumiko model file, or \"default\" for the default model, and its name in requests;"
                  + " may be given several times.")
          .build();
  private final OptionSpec host =
      value(
          "--host",
          "HOST",
          "127.0.0.1",
          "Where to listen; the default is 127.0.0.1, which other machines cannot reach.");
  private final OptionSpec port =
      value("--port", "N", 8080, "The port; the default is 8080, and 0 takes any free one.");
  private final OptionSpec keys =
      file("--api-key-file", "API keys, one a line; read again when the file changes.");
  private final OptionSpec insecure =
      flag("--insecure", "Let other machines ask without an API key.");
  private final OptionSpec certificate = file("--tls-cert", "The certificate chain, PEM.");
  private final OptionSpec privateKey = file("--tls-key", "Its private key, PEM, PKCS #8.");
  private final OptionSpec origin =
      OptionSpec.builder("--cors")
          .paramLabel("ORIGIN")
          .type(String.class)
          .description("This origin's pages may ask: https://example.org.")
          .build();
  private final OptionSpec threads =
      value(
          "--threads",
          "N",
          Runtime.getRuntime().availableProcessors(),
          "Threads that compute; the default is the number of processors.");
  private final OptionSpec precision =
      value(
          "--precision",
          "WHAT",
          Precision.CLOSEST,
          "Arithmetic of models with int8 activations: closest (the default) or fastest.");
  private final OptionSpec batchTokens =
      value(
          "--batch-tokens",
          "N",
          512,
          "Compute about so many tokens together; the default is 512, 1 computes singly.");
  private final OptionSpec batchWait =
      value(
          "--batch-wait",
          "MS",
          2,
          "A busy server waits so long for a batch to grow; the default is 2.");
  private final OptionSpec queue =
      value(
          "--queue", "N", 8192, "So many texts wait at most, others get 429; the default is 8192.");
  private final OptionSpec texts =
      value("--max-texts", "N", 2048, "Texts of one request; the default is 2048.");
  private final OptionSpec bodyBytes =
      value("--max-body", "BYTES", 8_000_000, "The longest body; the default is 8000000.");
  private final OptionSpec tokenIds =
      flag("--token-ids", "Take token ids of the model's own vocabulary in the place of texts.");
  private final OptionSpec accessLog =
      flag("--access-log", "Print each request as a line of JSON.");
  private final OptionSpec learn =
      OptionSpec.builder(
              flag(
                  "--learn",
                  "Answer a request of its own and end: from it the JVM learns to start fast."))
          .hidden(true)
          .build();

  private final CommandSpec spec;

  /** Adds the options to a command. */
  ServeOptions(CommandSpec spec) {
    this.spec = spec;
    for (OptionSpec option :
        List.of(
            models,
            host,
            port,
            keys,
            insecure,
            certificate,
            privateKey,
            origin,
            threads,
            precision,
            batchTokens,
            batchWait,
            queue,
            texts,
            bodyBytes,
            tokenIds,
            accessLog,
            learn)) {
      spec.addOption(option);
    }
  }

  private static OptionSpec value(String name, String label, Object initial, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(initial.getClass())
        .initialValue(initial)
        .description(description)
        .build();
  }

  private static OptionSpec file(String name, String description) {
    return OptionSpec.builder(name)
        .paramLabel("FILE")
        .type(Path.class)
        .description(description)
        .build();
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name)
        .type(boolean.class)
        .initialValue(false)
        .description(description)
        .build();
  }

  /** Returns whether the server is only to answer a request of its own. */
  boolean learns() {
    return learn.getValue();
  }

  /**
   * Returns what the server is started with.
   *
   * @throws ParameterException if options make no sense, or not together
   */
  ServerSettings settings() {
    try {
      return checkedSettings();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ServerSettings checkedSettings() {
    List<String> files = models.getValue();
    return new ServerSettings(
        files == null ? List.of() : files.stream().map(this::source).toList(),
        precision.getValue(),
        address(),
        new BatchSettings(
            number(threads, 1, BatchSettings.MOST_THREADS),
            number(batchTokens, 1, Integer.MAX_VALUE),
            Duration.ofMillis(number(batchWait, 0, BatchSettings.LONGEST_MILLIS)),
            number(queue, 1, Integer.MAX_VALUE)),
        new Limits(
            number(bodyBytes, 1, Limits.MOST_BODY_BYTES),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            16 << 10,
            4096,
            Duration.ofSeconds(30)),
        number(texts, 1, Integer.MAX_VALUE),
        tokenIds.getValue(),
        accessLog.getValue());
  }

  private Address address() {
    int wanted = number(port, 0, 65_535);
    String name = host.getValue();
    if (name.isBlank()) {
      throw usage("--host is empty");
    }
    String pages = origin.getValue();
    if (pages != null && !ORIGIN.matcher(pages).matches()) {
      throw usage(
          "--cors must be as browsers send it, without path or slash behind, such as https://example.org, not \"%s\""
              .formatted(pages));
    }
    return new Address(
        name,
        learns() ? 0 : wanted,
        Optional.ofNullable(keys.getValue()),
        insecure.getValue(),
        tls(),
        Optional.ofNullable(pages));
  }

  private Optional<Address.Tls> tls() {
    Path chain = certificate.getValue();
    Path key = privateKey.getValue();
    if ((chain == null) != (key == null)) {
      throw usage("--tls-cert and --tls-key belong together");
    }
    return Optional.ofNullable(chain).map(file -> new Address.Tls(file, key));
  }

  private int number(OptionSpec option, int least, int most) {
    int number = option.getValue();
    if (number < least || number > most) {
      String range = most == Integer.MAX_VALUE ? "at least %d" : "from %d to %d";
      throw usage(
          "%s must be %s, not %d"
              .formatted(option.longestName(), range.formatted(least, most), number));
    }
    return number;
  }

  /** A name has no slash, so that a path with an equals sign can be given as {@code ./a=b}. */
  private ModelSource source(String model) {
    int equals = model.indexOf('=');
    boolean named = equals > 0 && model.lastIndexOf('/', equals) < 0;
    Optional<String> name = named ? Optional.of(model.substring(0, equals)) : Optional.empty();
    String file = model.substring(named ? equals + 1 : 0);
    if (file.isBlank()) {
      throw usage("--model names no file: \"%s\"".formatted(model));
    }
    return new ModelSource(
        name, file.equals(DEFAULT_MODEL) ? Optional.empty() : Optional.of(Path.of(file)));
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
