package dev.kumiko.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * As much of a POSIX shell's language as the documentation uses: words, quotes, comments, lines
 * that go on, variables, and standard output sent to a file.
 */
final class ShellLines {
  private final Map<String, String> variables;

  /**
   * One command.
   *
   * @param words its words, without quotes
   * @param output the file that gets standard output, or an empty string
   */
  record Command(List<String> words, String output) {}

  /**
   * Creates a reader.
   *
   * @param variables what is set already; assignments are added to it
   */
  ShellLines(Map<String, String> variables) {
    this.variables = variables;
  }

  /** Returns the commands of these lines, in their order. */
  List<Command> read(List<String> lines) {
    List<Command> commands = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    for (String line : lines) {
      if (line.endsWith("\\")) {
        whole.append(line, 0, line.length() - 1).append(' ');
        continue;
      }
      List<String> words = words(whole.append(line).toString());
      whole.setLength(0);
      if (words.size() == 1 && words.getFirst().matches("[A-Z]+=(?s).*")) {
        String[] both = words.getFirst().split("=", 2);
        variables.put(both[0], both[1]);
      } else if (!words.isEmpty()) {
        commands.add(command(words));
      }
    }
    if (!whole.isEmpty()) {
      throw new IllegalArgumentException("the last line goes on: " + whole);
    }
    return commands;
  }

  private static Command command(List<String> words) {
    int arrow = words.indexOf(">");
    if (arrow < 0) {
      return new Command(words, "");
    }
    if (arrow != words.size() - 2) {
      throw new IllegalArgumentException("expected one word behind >: " + words);
    }
    return new Command(words.subList(0, arrow), words.getLast());
  }

  private List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean within = false;
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c == '"' || c == '\'') {
        int end = line.indexOf(c, at + 1);
        if (end < 0) {
          throw new IllegalArgumentException("a quote is not closed: " + line);
        }
        String quoted = line.substring(at + 1, end);
        word.append(c == '"' ? replaced(quoted) : quoted);
        within = true;
        at = end + 1;
      } else if (c == '#' && !within) {
        break;
      } else if (Character.isWhitespace(c)) {
        within = finish(within, word, words);
        at++;
      } else if (c == '$' && !within) {
        int end = nameEnd(line, at + 1);
        words.addAll(List.of(value(line.substring(at + 1, end)).split(" ", -1)));
        at = end;
      } else {
        word.append(c);
        within = true;
        at++;
      }
    }
    finish(within, word, words);
    return words;
  }

  private static boolean finish(boolean within, StringBuilder word, List<String> words) {
    if (within) {
      words.add(word.toString());
      word.setLength(0);
    }
    return false;
  }

  private static int nameEnd(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private String replaced(String quoted) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int dollar = quoted.indexOf('$'); dollar >= 0; dollar = quoted.indexOf('$', at)) {
      int end = nameEnd(quoted, dollar + 1);
      text.append(quoted, at, dollar).append(value(quoted.substring(dollar + 1, end)));
      at = end;
    }
    return text.append(quoted.substring(at)).toString();
  }

  private String value(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the variable " + name + " is not set");
    }
    return value;
  }
}
