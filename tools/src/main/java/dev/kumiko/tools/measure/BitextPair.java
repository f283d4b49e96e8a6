package dev.kumiko.tools.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Two files of which line i of one translates line i of the other.
 *
 * @param name of the pair, for people
 * @param source the one
 * @param target the other
 */
public record BitextPair(String name, Path source, Path target) {
  /**
   * Finds pairs in a folder: two files whose names differ in their last extension alone. The one
   * whose extension stands first in the common part, as {@code deu} in {@code tatoeba.deu-eng}, is
   * the source, or else the first in the order of names.
   */
  public static List<BitextPair> in(Path folder) throws IOException {
    Map<String, List<Path>> stems = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
          stems.computeIfAbsent(name.substring(0, dot), stem -> new ArrayList<>()).add(file);
        }
      }
    }
    List<BitextPair> pairs = new ArrayList<>();
    stems.forEach(
        (stem, files) -> {
          if (files.size() == 2) {
            boolean swapped =
                stem.endsWith(extension(files.get(1)) + "-" + extension(files.get(0)));
            pairs.add(new BitextPair(stem, files.get(swapped ? 1 : 0), files.get(swapped ? 0 : 1)));
          }
        });
    return pairs;
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
