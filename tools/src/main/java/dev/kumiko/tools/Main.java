package dev.kumiko.tools;

/** Entry point of the command line. */
public final class Main {
  private Main() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    System.out.println("kumiko");
  }
}
