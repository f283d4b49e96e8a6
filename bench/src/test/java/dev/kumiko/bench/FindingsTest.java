package dev.kumiko.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.bench.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
  @TempDir Path folder;

  @Test
  void everyFindingIsOnTheDiskBeforeTheNext() throws IOException {
    Findings findings = new Findings(folder.resolve("new"), List.of("-XX:UseAVX=2"));
    Path report = folder.resolve("new/report.md");
    assertFalse(Files.exists(report));
    Point point = new Point(EngineKind.KUMIKO_INT8, Workload.S16, 1);
    findings.add(new Measurement(point, 12.5, 0.25, 300, 200, 1, JvmSettings.here(), new Tile("")));
    String first = Files.readString(report);
    assertTrue(first.contains("| kumiko-int8 | s16 | 1 | 12.5 "), first);
    assertTrue(Files.exists(folder.resolve("new/chart.png")));
    findings.add(new Table("Starts", List.of("engine"), List.of(List.of("someone")), "A note."));
    String second = Files.readString(report);
    assertTrue(second.contains("| kumiko-int8 | s16 | 1 | 12.5 "), second);
    assertTrue(second.contains("| someone |"), second);
  }
}
