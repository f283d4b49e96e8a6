package dev.kumiko.bench;

import dev.kumiko.bench.report.Curves;
import dev.kumiko.bench.report.Report;
import dev.kumiko.bench.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run has found so far. Its report is on the disk at any time, should the run be stopped.
 */
final class Findings {
  private final Path folder;
  private final List<String> facts;
  private final List<Measurement> speed = new ArrayList<>();
  private final List<Table> others = new ArrayList<>();
  private Curves curves;

  /**
   * Begins with nothing.
   *
   * @param folder where the report is written
   * @param more flags for Kumiko's processes
   */
  Findings(Path folder, List<String> more) throws IOException {
    this.folder = folder;
    this.facts = Environment.facts(more);
  }

  void add(Measurement measurement) throws IOException {
    speed.add(measurement);
    report().write(folder);
  }

  void add(Table table) throws IOException {
    others.add(table);
    report().write(folder);
  }

  void add(Curves found) throws IOException {
    curves = found;
    report().write(folder);
  }

  Report report() {
    SpeedTables measured = new SpeedTables(speed);
    List<Table> tables = new ArrayList<>(measured.tables());
    tables.addAll(others);
    return new Report(
        "Kumiko's benchmark", facts, tables, speed.isEmpty() ? null : measured.bars(), curves);
  }
}
