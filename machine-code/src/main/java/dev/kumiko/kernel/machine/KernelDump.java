package dev.kumiko.kernel.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All programs, of every level, for whoever wants to read what would be executed. */
public final class KernelDump {
  private KernelDump() {}

  /** Returns the bytes of each program by its name. Nothing is executed. */
  public static Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    programs().forEach((name, program) -> sizes.put(name, program.code().length));
    return sizes;
  }

  /**
   * Writes {@code NAME.bin}, the bytes of a program, and {@code NAME.s}, its instructions, each
   * with its place and bytes as a comment, from which the GNU assembler makes the same bytes.
   *
   * @param folder is made if it is not there
   * @throws IOException if a file cannot be written
   */
  public static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Program program : programs().values()) {
      Files.write(folder.resolve(program.name() + ".bin"), program.code());
      Files.writeString(folder.resolve(program.name() + ".s"), program.listing());
    }
  }

  private static Map<String, Program> programs() {
    Map<String, Program> programs = new LinkedHashMap<>();
    for (Level level : Level.values()) {
      Code.programs(level).forEach(program -> programs.put(program.name(), program));
    }
    return programs;
  }
}
