package dev.kumiko.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which level follows from what Linux says of the processor. */
class HostTest {
  @ParameterizedTest
  @CsvSource({
    "avx2 fma, avx512-vnni, AVX2, ''",
    "fma avx2 avx_vnni, avx512-vnni, AVX_VNNI, ''",
    "fma avx2 avx512f avx512bw avx512_vnni avx_vnni, avx512-vnni, AVX512_VNNI, ''",
    "fma avx2 avx512f avx512_vnni avx_vnni, avx512-vnni, AVX_VNNI, ''",
    "fma avx2 avx512f avx512bw avx512_vnni avx_vnni, avx-vnni, AVX_VNNI, ''",
    "fma avx2 avx512f avx512bw avx512_vnni avx_vnni, avx2, AVX2, ''",
    "avx fma, avx512-vnni, , this CPU has no AVX2",
    "avx2, avx512-vnni, , this CPU has no AVX2",
    "fma avx2, none, , -Dkumiko.machineLevel=none asks for none",
  })
  void theBestLevelThatIsThereAndAllowed(String flags, String most, Level level, String missing) {
    List<String> cpu = List.of("processor\t: 0", "flags\t\t: fpu " + flags, "flags\t\t: none");
    assertEquals(new Host.Answer(level, missing), Host.choose(cpu, most));
    assertEquals(
        new Host.Answer(null, "this CPU has no AVX2"), Host.choose(List.of(), "avx512-vnni"));
  }
}
