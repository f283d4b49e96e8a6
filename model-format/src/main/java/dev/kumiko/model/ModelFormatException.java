package dev.kumiko.model;

import dev.kumiko.format.text.Quoted;
import java.io.IOException;
import java.util.Objects;

/**
 * A model file, or a part of it, that cannot be used. The message says what was wrong, where, and
 * what to do; {@link #reason()}, {@link #offset()} and {@link #tensor()} say the same to programs.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the file. */
  public enum Reason {
    /** The file ends before the eight bytes that hold the header's length. */
    FILE_TOO_SHORT,
    /** The header is said to be longer than the format allows. */
    HEADER_TOO_LARGE,
    /** The file ends inside the header. */
    HEADER_TRUNCATED,
    /** The header does not begin with <code>{</code>. */
    HEADER_START,
    /** Bytes that should be text are not UTF-8. */
    NOT_UTF8,
    /** Text that should be JSON is not. */
    JSON_SYNTAX,
    /** A JSON value is missing, or is of another kind or out of range. */
    JSON_VALUE,
    /** A name occurs twice in a JSON object. */
    DUPLICATE_NAME,
    /** A tensor's element type is not one of those that the format has. */
    UNKNOWN_DTYPE,
    /** A tensor's shape is negative or has more bytes than a file can have. */
    BAD_SHAPE,
    /** A tensor's offsets are negative, or its end comes before its beginning. */
    BAD_OFFSETS,
    /** A tensor's offsets hold more or fewer bytes than its type and shape ask for. */
    SIZE_MISMATCH,
    /** Two tensors share bytes. */
    OVERLAP,
    /** Bytes before a tensor belong to no tensor. */
    HOLE,
    /** The file ends before its last tensor does. */
    DATA_TRUNCATED,
    /** The file goes on after its last tensor. */
    TRAILING_DATA,
    /** A tensor that is needed is not there. */
    MISSING_TENSOR,
    /** A tensor has another type or shape than the model needs. */
    UNEXPECTED_TENSOR,
    /** A tensor has more elements than a Java array can hold. */
    TOO_LARGE_FOR_ARRAY,
    /** A stored value does not fit where it is needed. */
    VALUE_OUT_OF_RANGE,
    /** A valid file that holds no Kumiko model. */
    NOT_A_MODEL,
    /** A model for another version of Kumiko. */
    UNSUPPORTED_VERSION,
    /** The model's description contradicts itself or asks for what Kumiko does not have. */
    BAD_DESCRIPTION,
    /** None of the others; the message has it. */
    OTHER
  }

  /** The reason. */
  private final Reason reason;

  /** The byte offset, or -1. */
  private final long offset;

  /** The tensor's name, or empty. */
  private final String tensor;

  /**
   * Creates the exception with a message for people and the reason {@link Reason#OTHER}.
   *
   * @param message for people
   */
  public ModelFormatException(String message) {
    this(Reason.OTHER, message);
  }

  /**
   * Creates the exception with a reason and a message for people.
   *
   * @param reason what is wrong
   * @param message for people
   */
  public ModelFormatException(Reason reason, String message) {
    this(reason, message, -1, "");
  }

  /**
   * Creates the exception.
   *
   * @param reason what is wrong
   * @param message the same for people, with everything they need to know; what files put into it
   *     is made one line of bounded length
   * @param offset the byte, counted from the file's first, where it is wrong; -1 if unknown
   * @param tensor the tensor concerned; empty if none
   */
  public ModelFormatException(Reason reason, String message, long offset, String tensor) {
    super(Quoted.line(message));
    this.reason = Objects.requireNonNull(reason);
    this.offset = offset;
    this.tensor = Objects.requireNonNull(tensor);
  }

  /** {@return what is wrong} */
  public Reason reason() {
    return reason;
  }

  /** {@return the byte, counted from the file's first, where it is wrong; -1 if unknown} */
  public long offset() {
    return offset;
  }

  /** {@return the name of the tensor concerned; empty if none} */
  public String tensor() {
    return tensor;
  }
}
