package dev.kumiko.tools;

import dev.kumiko.ModelChangedException;
import dev.kumiko.UnusableModelException;
import dev.kumiko.kernel.SettingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into one line on standard error and an exit code. */
final class ErrorReport {
  private final Streams streams;

  ErrorReport(Streams streams) {
    this.streams = streams;
  }

  /** Reports a command line that is not understood. */
  int usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    StringBuilder message = new StringBuilder(inWords(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      message.append(advice(unmatched, command.getCommandSpec()));
    }
    message.append(" (see ").append(command.getCommandSpec().qualifiedName()).append(" --help)");
    streams.say(message.toString());
    return CommandLine.ExitCode.USAGE;
  }

  /** Returns the first line, without the names of Java's types. */
  private static String inWords(String message) {
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst(" is not an? (int|long)$", " is no whole number")
        .replaceFirst(" is not an? (float|double)$", " is no number");
  }

  private static String advice(UnmatchedArgumentException unmatched, CommandSpec command) {
    boolean takesWords = !command.positionalParameters().isEmpty();
    if (unmatched.isUnknownOption()) { // what picocli takes for similar is not
      return takesWords ? "; a text that begins with - goes behind --" : "";
    }
    List<String> suggestions = unmatched.getSuggestions();
    if (!suggestions.isEmpty()) {
      return "; did you mean " + String.join(" or ", suggestions) + "?";
    }
    return takesWords || !command.subcommands().isEmpty() ? "" : "; this command has options alone";
  }

  /** Reports a command that failed. */
  int failure(Throwable e, boolean debug) {
    if (e instanceof StandardOutput.NobodyReads) {
      return CommandLine.ExitCode.OK;
    }
    streams.say(message(e).replaceAll("\\R\\s*", " "));
    if (debug) {
      e.printStackTrace(streams.err());
    }
    return isUsage(e) ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  /** Whether the command line or a property given to java asks for what cannot be. */
  private static boolean isUsage(Throwable e) {
    return e instanceof UsageException || e instanceof SettingException;
  }

  private static boolean isForPeople(Throwable e) {
    return e instanceof IOException
        || e instanceof UnusableModelException
        || e instanceof ModelChangedException
        || isUsage(e);
  }

  /** A mapped page that is gone is the JVM's only word for a file that was cut short. */
  private static boolean isCutShort(Throwable e) {
    return e instanceof InternalError && String.valueOf(e.getMessage()).contains("memory access");
  }

  private static String message(Throwable e) {
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return file.getFile() + ": " + reason(file);
    }
    if (isForPeople(e) && e.getMessage() != null) {
      return e.getMessage();
    }
    if (isCutShort(e)) {
      return "a file was cut short while it was being read, or its storage fails; try again when"
          + " nobody writes to it";
    }
    if (e instanceof OutOfMemoryError) {
      return "not enough memory ("
          + e.getMessage()
          + "); allow more, such as KUMIKO_JAVA_OPTS=-Xmx4g, or use fewer --threads";
    }
    return "unexpected "
        + e
        + "; this is a fault in Kumiko: please report it with what --debug prints";
  }

  private static String reason(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : e.getClass().getSimpleName().replace("Exception", "");
  }
}
