package dev.kumiko.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a run keeps beside its target: the checkpoint, the best model so far and the log, in a
 * folder of the target's name and {@code -training}.
 *
 * @param folder the folder
 */
public record RunFolder(Path folder) {
  /** Returns the folder of a target. */
  public static RunFolder beside(Path target) {
    return new RunFolder(target.resolveSibling(target.getFileName() + "-training"));
  }

  /** Returns the checkpoint's place. */
  public Path checkpoint() {
    return folder.resolve("checkpoint.safetensors");
  }

  /** Returns the place of the best model so far. */
  public Path best() {
    return folder.resolve("best.safetensors");
  }

  /** Returns the place of a student before it has learnt. */
  public Path student() {
    return folder.resolve("student.safetensors");
  }

  /** Returns the place of the log, a JSON object a line. */
  public Path log() {
    return folder.resolve("log.jsonl");
  }

  /** Makes the folder if it is not there. */
  public void create() throws IOException {
    Files.createDirectories(folder);
  }

  /** Removes what only a run that goes on needs. */
  void removeState() throws IOException {
    Files.deleteIfExists(checkpoint());
    Files.deleteIfExists(best());
  }
}
