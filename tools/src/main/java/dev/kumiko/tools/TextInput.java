package dev.kumiko.tools;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the texts come from if not from the command line. */
final class TextInput {
  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description = "Read texts from FILE, one a line, in UTF-8.")
  private Path file;

  /**
   * Opens the texts.
   *
   * @param arguments texts of the command line; if there are none, the file or else standard input
   *     is read
   * @param first number of the first of them among all arguments, from 1
   */
  TextSource open(List<String> arguments, int first, Streams streams) throws IOException {
    if (!arguments.isEmpty()) {
      if (file != null) {
        throw new UsageException("texts come either as arguments or from --input, not from both");
      }
      return ArgumentTexts.of(arguments, first);
    }
    if (file == null) {
      if (streams.terminals().in()) {
        streams.say("reading texts from the terminal, one a line; Ctrl-D ends them");
      }
      return new LineTexts(new OpenInput(streams.in()), "standard input", -1);
    }
    if (Files.isDirectory(file)) {
      throw new CommandFailedException(file + ": is a directory, expected a file of texts");
    }
    return new LineTexts(Files.newInputStream(file), file.toString(), Files.size(file));
  }

  /**
   * Stays open: if it was closed at the start, its descriptor is that of one of the JVM's files.
   */
  private static final class OpenInput extends FilterInputStream {
    OpenInput(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
