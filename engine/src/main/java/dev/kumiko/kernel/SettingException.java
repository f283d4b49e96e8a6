package dev.kumiko.kernel;

/** A system property of Kumiko has a value that cannot be obeyed; the message says what can. */
public final class SettingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong and what can be. */
  public SettingException(String message) {
    super(message);
  }
}
