package dev.kumiko.kernel.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The programs of one level, ready to be called.
 *
 * @param quantize see {@link QuantizeProgram}
 * @param multiply see {@link LinearProgram}, by the number of products in a group
 */
record Code(MemorySegment quantize, Map<Integer, MemorySegment> multiply) {
  /** Returns all programs of a level. */
  static List<Program> programs(Level level) {
    List<Program> programs = new ArrayList<>();
    programs.add(CpuPrograms.cpuid());
    programs.add(CpuPrograms.xgetbv());
    programs.add(QuantizeProgram.assemble());
    for (int group : level.groups()) {
      programs.add(LinearProgram.assemble(level, group));
    }
    return programs;
  }

  /**
   * Assembles a level's programs and asks the processor whether it can run them.
   *
   * @throws CodeRegion.RefusedException if it cannot, or the system does not let it
   */
  static Code load(Level level) throws CodeRegion.RefusedException {
    if (!Host.foreign().isEmpty()) {
      throw new CodeRegion.RefusedException(Host.foreign());
    }
    Map<String, MemorySegment> places = CodeRegion.load(programs(level));
    CpuFeatures features =
        CpuFeatures.of(
            (leaf, subleaf) -> ask(places.get("cpuid"), leaf, subleaf),
            () -> ask(places.get("xgetbv"), 0, 0)[0]);
    Optional<String> missing = features.missing(level);
    if (missing.isPresent()) {
      throw new CodeRegion.RefusedException(missing.get());
    }
    Map<Integer, MemorySegment> multiply = new HashMap<>();
    for (int group : level.groups()) {
      multiply.put(group, places.get(LinearProgram.name(level, group)));
    }
    return new Code(places.get("quantize"), Map.copyOf(multiply));
  }

  private static int[] ask(MemorySegment program, int leaf, int subleaf) {
    int[] answer = new int[4];
    Calls.ask(program, MemorySegment.ofArray(answer), leaf, subleaf);
    return answer;
  }
}
