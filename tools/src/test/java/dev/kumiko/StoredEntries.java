package dev.kumiko;

import dev.kumiko.format.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The engine's reader of JARs, for tests of other packages. */
public final class StoredEntries {
  private StoredEntries() {}

  /** Opens a model that lies uncompressed in a JAR, if there is one. */
  public static void open(Path jar, String name) throws IOException {
    Optional<StoredEntry> entry = StoredEntry.find(jar, name);
    if (entry.isPresent()) {
      ModelFile.open(jar, entry.get().offset(), entry.get().length()).close();
    }
  }
}
