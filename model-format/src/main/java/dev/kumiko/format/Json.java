package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value that knows where it came from, so that every complaint names the document and the
 * place in it: {@code config.json: model.vocab is an array, expected an object}. Immutable and safe
 * to share between threads.
 */
public final class Json {
  /** Stands for JSON's null inside the tree. */
  enum Null {
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  private static final int MAX_BYTES = 512 << 20;

  private final String source;
  private final Json parent;
  private final Object step;
  private final Object value;

  private Json(String source, Json parent, Object step, Object value) {
    this.source = source;
    this.parent = parent;
    this.step = step;
    this.value = value;
  }

  /**
   * Parses a document.
   *
   * @param source the document's name for messages
   * @param utf8 the whole document
   * @return the document
   * @throws ModelFormatException if it is not UTF-8 or not JSON, or an object has a name twice
   */
  public static Json parse(String source, byte[] utf8) throws ModelFormatException {
    return new Json(source, null, null, JsonReader.read(source, utf8));
  }

  /**
   * Parses a document, see {@link #parse(String, byte[])}.
   *
   * @param source the document's name for messages
   * @param text the whole document
   * @return the document
   * @throws ModelFormatException if it is not as the format has it
   */
  public static Json parse(String source, String text) throws ModelFormatException {
    if (!Quoted.wellFormed(text)) {
      throw new ModelFormatException(
          Reason.NOT_UTF8, source + ": contains half a surrogate pair, which is no character");
    }
    return parse(source, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the stream to its end and parses what it held, see {@link #parse(String, byte[])}. Does
   * not close the stream.
   *
   * @param source the document's name for messages
   * @param in the whole document in UTF-8
   * @return the document
   * @throws IOException if reading fails or the document is larger than 512 MiB
   */
  public static Json parse(String source, InputStream in) throws IOException {
    byte[] utf8 = in.readNBytes(MAX_BYTES + 1);
    if (utf8.length > MAX_BYTES) {
      throw new ModelFormatException(
          Reason.JSON_SYNTAX, source + ": more than " + MAX_BYTES + " bytes of JSON, refused");
    }
    return parse(source, utf8);
  }

  /** Parses what lies in a model file behind {@code offset} other bytes; it has to be short. */
  static Json parseInModel(String source, byte[] utf8, long offset) throws ModelFormatException {
    return new Json(source, null, null, JsonReader.readInModel(source, utf8, offset));
  }

  /**
   * {@return a value as JSON text without white space}
   *
   * @param value a {@link Map} with text as keys, a {@link List}, {@link String}, {@link Boolean},
   *     {@link Integer}, {@link Long}, finite {@link Double} or null; maps are written in their own
   *     order
   * @throws IllegalArgumentException for anything else
   */
  public static String text(Object value) {
    return JsonText.of(value);
  }

  /**
   * {@return the value of a member}
   *
   * @param key the member's name
   * @throws ModelFormatException if there is none, or if this is no object
   */
  public Json get(String key) throws ModelFormatException {
    Object found = object().get(key);
    if (found == null) {
      throw error(Reason.JSON_VALUE, path(this, key) + " is missing");
    }
    return new Json(source, this, key, found);
  }

  /**
   * Returns the value of a member, which may be JSON's null.
   *
   * @param key the member's name
   * @return empty if there is no such member
   * @throws ModelFormatException if this is no object
   */
  public Optional<Json> find(String key) throws ModelFormatException {
    Object found = object().get(key);
    return found == null ? Optional.empty() : Optional.of(new Json(source, this, key, found));
  }

  /**
   * {@return the members of this object in the document's order}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public Map<String, Json> members() throws ModelFormatException {
    Map<String, Object> object = object();
    Map<String, Json> members = LinkedHashMap.newLinkedHashMap(object.size());
    object.forEach((key, member) -> members.put(key, new Json(source, this, key, member)));
    return members;
  }

  /**
   * {@return this object with other members in the place of its own of these names} Messages speak
   * of them as if they stood in this document.
   *
   * @param others the new members by name
   * @throws ModelFormatException if this is no object
   */
  public Json with(Map<String, Json> others) throws ModelFormatException {
    Map<String, Object> changed = new LinkedHashMap<>(object());
    others.forEach((name, member) -> changed.put(name, member.value));
    return new Json(source, parent, step, changed);
  }

  /**
   * {@return the items of this array}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public List<Json> items() throws ModelFormatException {
    if (!(value instanceof List<?> array)) {
      throw expected("an array");
    }
    List<Json> items = new ArrayList<>(array.size());
    for (Object item : array) {
      items.add(new Json(source, this, items.size(), item));
    }
    return items;
  }

  /**
   * {@return this text}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public String asString() throws ModelFormatException {
    if (!(value instanceof String text)) {
      throw expected("text");
    }
    return text;
  }

  /**
   * {@return this whole number; a number with a decimal point or an exponent is none}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public int asInt() throws ModelFormatException {
    long number = asLong();
    if ((int) number != number) {
      throw outOfRange(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    return (int) number;
  }

  /**
   * {@return this whole number; a number with a decimal point or an exponent is none}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public long asLong() throws ModelFormatException {
    if (value instanceof BigInteger) {
      throw outOfRange(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (!(value instanceof Long number)) {
      throw expected("a whole number");
    }
    return number;
  }

  /**
   * {@return this number, which must be within the range of a double}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public double asDouble() throws ModelFormatException {
    if (!(value instanceof Number number)) {
      throw expected("a number");
    }
    double result = number.doubleValue();
    if (!Double.isFinite(result)) {
      throw outOfRange(-Double.MAX_VALUE, Double.MAX_VALUE);
    }
    return result;
  }

  /**
   * {@return this truth value}
   *
   * @throws ModelFormatException if it is not as the format has it
   */
  public boolean asBoolean() throws ModelFormatException {
    if (!(value instanceof Boolean truth)) {
      throw expected("true or false");
    }
    return truth;
  }

  /** {@return whether this is JSON's null} */
  public boolean isNull() {
    return value == Null.NULL;
  }

  /** {@return whether this is an object} */
  public boolean isObject() {
    return value instanceof Map;
  }

  /** {@return whether this is an array} */
  public boolean isArray() {
    return value instanceof List;
  }

  /** {@return whether this is text} */
  public boolean isString() {
    return value instanceof String;
  }

  /** {@return whether this is a number} */
  public boolean isNumber() {
    return value instanceof Number;
  }

  /** {@return the name of the document} */
  public String source() {
    return source;
  }

  /**
   * {@return the place in the document, such as {@code model.vocab} or {@code added_tokens[3].id};
   * empty for the document itself}
   */
  public String path() {
    return parent == null ? "" : path(parent, step);
  }

  /**
   * {@return an exception that blames this value}
   *
   * @param message what is wrong with it, to follow its place: {@code must be positive}
   */
  public ModelFormatException error(String message) {
    return error(Reason.JSON_VALUE, place() + " " + message);
  }

  /** Returns this value as JSON text, shortened if long. */
  @Override
  public String toString() {
    if (value instanceof Map<?, ?> object) {
      return "an object with " + object.size() + (object.size() == 1 ? " member" : " members");
    }
    if (value instanceof List<?> array) {
      return "an array with " + array.size() + (array.size() == 1 ? " item" : " items");
    }
    if (value instanceof String text) {
      return Quoted.of(text);
    }
    return value.toString();
  }

  @SuppressWarnings("unchecked") // The reader puts nothing else in.
  private Map<String, Object> object() throws ModelFormatException {
    if (!(value instanceof Map)) {
      throw expected("an object");
    }
    return (Map<String, Object>) value;
  }

  private ModelFormatException error(Reason reason, String message) {
    return new ModelFormatException(reason, source + ": " + message);
  }

  private ModelFormatException expected(String kind) {
    return error("is " + this + ", expected " + kind);
  }

  private ModelFormatException outOfRange(Number least, Number most) {
    return error("is " + this + ", expected a number from " + least + " to " + most);
  }

  private String place() {
    return parent == null ? "the value" : path();
  }

  private static String path(Json parent, Object step) {
    List<String> steps = new ArrayList<>();
    steps.add(name(step, parent));
    for (Json node = parent; node.parent != null; node = node.parent) {
      steps.add(name(node.step, node.parent));
    }
    return String.join("", steps.reversed());
  }

  private static String name(Object step, Json parent) {
    if (step instanceof Integer index) {
      return "[" + index + "]";
    }
    String key = (String) step;
    boolean plain = !key.isEmpty() && key.length() <= 80 && key.chars().allMatch(Json::isPlain);
    if (!plain) {
      return "[" + Quoted.of(key) + "]";
    }
    return parent.parent == null ? key : "." + key;
  }

  private static boolean isPlain(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }
}
