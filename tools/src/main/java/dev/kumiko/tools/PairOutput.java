package dev.kumiko.tools;

import dev.kumiko.format.AtomicFile;
import dev.kumiko.search.Pair;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where pairs of lines go: score, both lines' names, both texts, with tabs between them. */
final class PairOutput {
  private static final Pattern BEGINNING =
      Pattern.compile("-?\\d+\\.\\d+\t[^\t\n]+\t[^\t\n]+\t.*", Pattern.DOTALL);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write pairs to FILE, which appears only when it is complete.")
  private Path file;

  boolean isFile() {
    return file != null;
  }

  /** Says early what would only turn out after all the work. */
  void check() throws IOException {
    if (file != null) {
      Predicate<byte[]> began =
          bytes -> BEGINNING.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).matches();
      Replaceable.check(file, "pairs of lines", began, "name another file");
    }
  }

  void write(List<Pair> pairs, TextLines first, TextLines second, Streams streams)
      throws IOException {
    if (file == null) {
      Writer out = streams.writer();
      write(pairs, first, second, out);
      out.flush();
      return;
    }
    try (AtomicFile target = AtomicFile.replacing(file)) {
      Writer out =
          new BufferedWriter(
              new OutputStreamWriter(
                  Channels.newOutputStream(target.channel()), StandardCharsets.UTF_8));
      write(pairs, first, second, out);
      out.flush();
      target.commit();
    }
  }

  private static void write(List<Pair> pairs, TextLines first, TextLines second, Writer out)
      throws IOException {
    for (Pair pair : pairs) {
      out.write(Double.toString(pair.score()));
      out.write("\t" + first.name(pair.first()) + "\t" + second.name(pair.second()) + "\t");
      out.write(oneField(first.texts().get(pair.first())) + "\t");
      out.write(oneField(second.texts().get(pair.second())) + "\n");
    }
  }

  private static String oneField(String text) {
    return text.replace('\t', ' ');
  }
}
