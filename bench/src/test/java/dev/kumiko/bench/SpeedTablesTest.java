package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kumiko.bench.report.Bars;
import dev.kumiko.bench.report.Table;
import dev.kumiko.kernel.machine.MachineLevel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpeedTablesTest {
  private static Measurement measured(String point, double millis) {
    return new Measurement(
        Point.of(point),
        millis,
        millis / 100,
        1234,
        99.5,
        0.99,
        new JvmSettings("G1", 1000),
        new Tile("5 x 2"));
  }

  private static Table table(String title, Measurement... measurements) {
    return new SpeedTables(List.of(measurements))
        .tables().stream().filter(t -> t.title().equals(title)).findFirst().orElseThrow();
  }

  @Test
  void onnxRuntimeGetsItsBestCase() {
    Table table =
        table(
            "Kumiko fp32 against ONNX Runtime fp32",
            measured("kumiko-fp32/b/1", 100),
            measured("onnxruntime-fp32/b/1", 150),
            measured("onnxruntime-fp32-batched/b/1", 120),
            measured("onnxruntime-int8/b/1", 10));
    assertEquals(1, table.rows().size());
    assertEquals(
        List.of(
            "b: 256 sentences of natural lengths",
            "1",
            "100 ±1%",
            "120 ±1%",
            "batched",
            "1.20 ±1%",
            "below 1.25"),
        table.rows().get(0));
  }

  @Test
  void othersAreComparedWithTheSamePrecision() {
    Table table =
        table(
            "Kumiko against others",
            measured("kumiko-int8/b/2", 50),
            measured("kumiko-fp32/b/1", 100),
            measured("langchain4j-int8/b/2", 80),
            measured("plain-fp32/b/1", 250));
    assertEquals(
        List.of("langchain4j-int8", "b", "2", "80.0 ±1%", "kumiko-int8", "50.0 ±1%"),
        table.rows().get(0).subList(0, 6));
    assertEquals("met 1.30", table.rows().get(0).get(7));
    assertEquals("2.50 ±1%", table.rows().get(1).get(6));
  }

  @Test
  void theAdapterIsComparedWithLangChain4jsOwnModelAndWithTheEngine() {
    Table table =
        table(
            "Kumiko against others",
            measured("kumiko-fp32/b/2", 100),
            measured("langchain4j-fp32/b/2", 180),
            measured("kumiko-langchain4j-fp32/b/2", 102));
    assertEquals(3, table.rows().size());
    assertEquals(
        List.of("langchain4j-fp32", "b", "2", "180 ±1%", "kumiko-langchain4j-fp32", "102 ±1%"),
        table.rows().get(1).subList(0, 6));
    assertEquals("1.76 ±1%", table.rows().get(1).get(6));
    assertEquals("kumiko-fp32", table.rows().get(2).get(4));
    assertEquals("1.02 ±1%", table.rows().get(2).get(6));
  }

  @Test
  void machineCodeHasATableAndTargetsOfItsOwn() {
    assumeTrue(EngineKind.KUMIKO_MACHINE_INT8.isThere(), MachineLevel.missing());
    Measurement machine = measured("kumiko-machine-int8/b/2", 50);
    Table table =
        table(
            "Kumiko int8 with machine code against ONNX Runtime int8",
            machine,
            measured("onnxruntime-int8/b/2", 60));
    assertEquals("below 1.30", table.rows().get(0).get(6));
    Table others = table("Kumiko against others", machine, measured("langchain4j-int8/b/2", 80));
    assertEquals("kumiko-machine-int8", others.rows().get(0).get(4));
    assertEquals("met 1.50", others.rows().get(0).get(7));
  }

  @Test
  void twoThreadsAreComparedWithOne() {
    Table table =
        table(
            "Two threads against one",
            measured("kumiko-int8/b/1", 100),
            measured("kumiko-int8/b/2", 54));
    assertEquals("1.85 ±1%", table.rows().get(0).get(4));
    assertEquals("met 1.80", table.rows().get(0).get(5));
  }

  @Test
  void whatWasNotMeasuredHasNoBar() {
    Bars bars =
        new SpeedTables(List.of(measured("kumiko-int8/s16/1", 1), measured("plain-int8/b/1", 9)))
            .bars();
    assertEquals(
        List.of("one text of 16 tokens, 1 thread", "256 sentences of natural lengths, 1 thread"),
        bars.groups());
    assertEquals(List.of(16_000.0, Double.NaN), bars.series().get(0).values());
  }

  @Test
  void theReportSaysWhatTheJvmChose() {
    List<String> row = table("Every point", measured("kumiko-int8/b/1", 1)).rows().get(0);
    assertEquals(List.of("G1", "1000", "5 x 2"), row.subList(row.size() - 3, row.size()));
    JvmSettings here = JvmSettings.here();
    assertEquals(here, JvmSettings.of(here.collectorCode(), (double) here.strip()));
    assertEquals(new Tile("8 x 2"), Tile.of(new Tile("8 x 2").code()));
    assertEquals(new Tile("4 x 2"), Tile.of(new Tile("4 x 2 avx2").code()));
    assertEquals(new Tile(""), Tile.of(new Tile("").code()));
    assertEquals(new Tile(""), Tile.of(Double.NaN));
    assertTrue(Set.of("Serial", "Parallel", "G1", "Z", "Shenandoah").contains(here.collector()));
    assertEquals("off", new JvmSettings("Serial", 0).stripMining());
  }

  @Test
  void flagsAreForKumikoAlone() {
    List<String> more = List.of("-XX:UseAVX=2", "-XX:+UseG1GC");
    assertEquals(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "-Dkumiko.backend=vector",
            "-XX:MaxNewSize=32m",
            "-Xmx2g",
            "-XX:UseAVX=2",
            "-XX:+UseG1GC"),
        EngineKind.KUMIKO_INT8.jvmFlags(more));
    assertEquals(
        EngineKind.KUMIKO_FP32.jvmFlags(more), EngineKind.KUMIKO_LANGCHAIN4J_FP32.jvmFlags(more));
    assertEquals(
        EngineKind.ONNXRUNTIME_INT8.jvmFlags(List.of()),
        EngineKind.ONNXRUNTIME_INT8.jvmFlags(more));
  }

  @Test
  void plansMeasureWhatTheyCompareOnce() {
    for (Plan plan : List.of(Plan.quick(), Plan.full())) {
      assertEquals(plan.points().size(), new HashSet<>(plan.points()).size());
      for (Point point : plan.points()) {
        for (EngineKind kumiko : Targets.opponents(point.engine())) {
          boolean compared =
              plan.points().contains(new Point(kumiko, point.workload(), point.threads()));
          assertTrue(compared || !kumiko.isThere(), point.toString());
        }
      }
    }
  }

  @Test
  void aMedianIsInTheMiddle() {
    assertEquals(3, ColdStart.median(new double[] {9, 1, 3}));
    assertEquals(2, ColdStart.median(new double[] {9, 1, 3, 1}));
  }

  @Test
  void linesOfPrograms() {
    KernelRates.Rate rate = new KernelRates.Rate("int8", 384, 1536, 16, 4.5e10, 9e10);
    assertEquals(rate, KernelRates.Rate.parse(rate.toString()));
    assertEquals(
        "50%",
        OtherTables.kernels(new KernelRates.Rates("256 bits, 5 x 2", List.of(rate)))
            .rows()
            .get(0)
            .get(6));
    HalfRates.Rate half = new HalfRates.Rate("BF16", 1024, 3072, 128, 200, 190);
    assertEquals(half, HalfRates.Rate.parse(half.toString()));
    assertEquals("met 0.90", HalfRates.table(List.of(half)).rows().get(0).get(7));
    HalfRates.Rate few = new HalfRates.Rate("F16", 1024, 3072, 16, 200, 190);
    assertEquals("below 1.00", HalfRates.table(List.of(few)).rows().get(0).get(7));
    Scaling.Call call = new Scaling.Call(1000, 21_000, 4.2, 300.5);
    assertEquals(call, Scaling.Call.parse(call.toString()));
    assertEquals("200", OtherTables.scaling(List.of(call)).rows().get(0).get(3));
    ColdStart.Start start = new ColdStart.Start(EngineKind.KUMIKO_INT8, true, 301, 100);
    assertEquals(
        "above 300 ms, 110 MB", OtherTables.starts(List.of(start), 3).rows().get(0).get(4));
  }

  @Test
  void whatTheSystemTells() {
    assertEquals(
        2.048, PeakMemory.parse(List.of("VmPeak:\t 9999 kB", "VmHWM:\t    2000 kB")), 1e-9);
    assertTrue(Double.isNaN(PeakMemory.parse(List.of())));
    assertEquals(
        "Some CPU, avx2 fma",
        Environment.cpu(List.of("model name\t: Some CPU", "flags\t\t: sse fma avx2")));
  }
}
