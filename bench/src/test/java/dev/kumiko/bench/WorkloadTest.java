package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.Embedder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Map<Workload, Integer> TEXTS =
      new EnumMap<>(
          Map.of(
              Workload.S16, 1,
              Workload.S64, 1,
              Workload.S128, 1,
              Workload.S256, 1,
              Workload.B, 256,
              Workload.M, 100,
              Workload.L, 64));

  @Test
  void textsHaveTheLengthsStated() throws IOException {
    Map<Workload, List<Integer>> lengths = new EnumMap<>(Workload.class);
    try (Embedder embedder = Embedder.builder().threads(1).maxTokens(512).loadDefault()) {
      for (Workload workload : Workload.values()) {
        List<String> texts = workload.texts();
        assertEquals(texts, workload.texts());
        assertEquals(TEXTS.get(workload), texts.size());
        lengths.put(workload, new ArrayList<>());
        for (String text : texts) {
          lengths.get(workload).add(embedder.tokenize(text).ids().length);
        }
        long tokens = lengths.get(workload).stream().mapToInt(Integer::intValue).sum();
        assertEquals(tokens, Workload.tokens(texts), "a word is a token");
      }
    }
    assertEquals(List.of(16), lengths.get(Workload.S16));
    assertEquals(List.of(64), lengths.get(Workload.S64));
    assertEquals(List.of(128), lengths.get(Workload.S128));
    assertEquals(List.of(256), lengths.get(Workload.S256));
    assertEquals(Collections.nCopies(64, 256), lengths.get(Workload.L));
    checkMixed(lengths.get(Workload.M));
    checkNatural(lengths.get(Workload.B));
  }

  private static void checkMixed(List<Integer> lengths) {
    for (int ten = 0; ten < 100; ten += 10) {
      List<Integer> part = lengths.subList(ten, ten + 10);
      assertEquals(1, Collections.frequency(part, 256), part.toString());
      assertTrue(part.stream().allMatch(n -> n == 256 || (n >= 8 && n <= 24)), part.toString());
    }
  }

  /** As the Javadoc of {@link Workload#sentences} says. */
  private static void checkNatural(List<Integer> lengths) {
    int[] sorted = lengths.stream().mapToInt(Integer::intValue).sorted().toArray();
    assertEquals(19, sorted[128], 1.5);
    assertEquals(21, Arrays.stream(sorted).average().orElseThrow(), 1.5);
    long usual = Arrays.stream(sorted).filter(n -> n >= 8 && n <= 46).count();
    assertEquals(0.9, usual / 256.0, 0.04);
  }
}
