package dev.kumiko.tools;

import dev.kumiko.format.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lays out a tree of facts for people: one line for each, what belongs to it indented below. */
final class Outline {
  private static final int COLUMN = 24;

  private final StringBuilder out = new StringBuilder();

  private Outline() {}

  static String of(Map<String, Object> facts) {
    Outline outline = new Outline();
    outline.add(facts, "");
    return outline.out.toString();
  }

  private void add(Map<?, ?> facts, String indent) {
    facts.forEach((name, value) -> add(indent + name, value, indent));
  }

  private void add(String label, Object value, String indent) {
    out.append(label.replace('_', ' '));
    if (value instanceof Map<?, ?> members && !members.isEmpty()) {
      out.append('\n');
      add(members, indent + "  ");
    } else if (value instanceof List<?> rows && !rows.isEmpty()) {
      out.append('\n');
      rows.forEach(row -> out.append(indent).append("  ").append(row(row)).append('\n'));
    } else {
      out.append(" ".repeat(Math.max(1, COLUMN - label.length()))).append(cell(value)).append('\n');
    }
  }

  private static String row(Object row) {
    return row instanceof Map<?, ?> cells
        ? String.join("  ", cells.values().stream().map(Outline::cell).toList())
        : cell(row);
  }

  private static String cell(Object value) {
    if (value instanceof Number number && !(value instanceof Double)) {
      return String.format(Locale.ROOT, "%,d", number.longValue());
    }
    String text = String.valueOf(value);
    if (value instanceof Map || List.of().equals(value) || text.isEmpty()) {
      return "none";
    }
    return value instanceof String && !text.equals(text.strip()) ? Json.text(text) : text;
  }
}
