package dev.kumiko.format;

import dev.kumiko.format.text.Quoted;
import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.JsonTokenId;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Turns JSON into maps, lists, {@link String}, {@link Long}, {@link BigInteger}, {@link Double},
 * {@link Boolean} and {@link Json.Null}.
 */
final class JsonReader {
  /** Bounds the memory a hostile document can take: a token costs some 100 bytes at most. */
  private static final long MOST_TOKENS = 10_000_000;

  private static final int MAX_DEPTH = 100;

  private static final int MAX_DIGITS = 400;

  /** The same within a model file, which needs some 15 tokens for a tensor or an added token. */
  private static final long MOST_TOKENS_IN_MODEL = 500_000;

  private static final JsonFactory DOCUMENTS = factory(MOST_TOKENS);
  private static final JsonFactory MODELS = factory(MOST_TOKENS_IN_MODEL);

  private final String source;
  private final byte[] utf8;
  private final long offset;
  private final JsonParser parser;

  private JsonReader(String source, byte[] utf8, long offset, JsonParser parser) {
    this.source = source;
    this.utf8 = utf8;
    this.offset = offset;
    this.parser = parser;
  }

  private static JsonFactory factory(long mostTokens) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxTokenCount(mostTokens)
                .maxNumberLength(MAX_DIGITS)
                .build())
        // Python writes and reads NaN and Infinity; only who needs such a number refuses it.
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        // A vocabulary's keys are all different: a table of names seen only costs.
        .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
        .disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .build();
  }

  /** Reads a document of its own. */
  static Object read(String source, byte[] utf8) throws ModelFormatException {
    return read(DOCUMENTS, source, utf8, 0);
  }

  /** Reads a part of a model file that begins at {@code offset} of what messages speak of. */
  static Object readInModel(String source, byte[] utf8, long offset) throws ModelFormatException {
    return read(MODELS, source, utf8, offset);
  }

  private static Object read(JsonFactory factory, String source, byte[] utf8, long offset)
      throws ModelFormatException {
    checkUtf8(source, utf8, offset);
    Reader text = new InputStreamReader(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8);
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      return new JsonReader(source, utf8, offset, parser).document();
    }
  }

  /** Checks here what the parser checks only in part. */
  private static void checkUtf8(String source, byte[] utf8, long offset)
      throws ModelFormatException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(utf8);
    CharBuffer scratch = CharBuffer.allocate(8192);
    CoderResult result;
    do {
      result = decoder.decode(in, scratch.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      long at = offset + in.position();
      throw new ModelFormatException(
          Reason.NOT_UTF8,
          source + ": byte " + at + " is not UTF-8 text, but JSON must be",
          at,
          "");
    }
  }

  private Object document() throws ModelFormatException {
    try {
      if (parser.nextToken() == null) {
        throw syntax("there is nothing in it", offset);
      }
      Object value = value();
      if (parser.nextToken() != null) {
        throw syntax("something follows after its end", position());
      }
      return value;
    } catch (UnexpectedEndOfInputException e) {
      throw syntax("it ends too early", offset + utf8.length);
    } catch (JacksonException e) {
      long at = e.getLocation() == null ? position() : position(e.getLocation());
      throw syntax(problem(e, at), at);
    }
  }

  /** In words of this project: the parser's are for programmers. */
  private String problem(JacksonException e, long at) {
    if (e instanceof StreamConstraintsException) {
      return "it is nested deeper than %d, has more parts than are read, or a number or name that is too long"
          .formatted(MAX_DEPTH);
    }
    int index = (int) (at - offset);
    if (index >= utf8.length) {
      return "it ends too early";
    }
    int before = Math.max(0, index - 6);
    String escape = new String(utf8, before, index - before, StandardCharsets.UTF_8);
    if (escape.matches("\\\\u[dD][89a-fA-F].{2}")) {
      return "half a surrogate pair, " + escape + ", in a name";
    }
    String rest =
        new String(utf8, index, Math.min(40, utf8.length - index), StandardCharsets.UTF_8);
    int found = rest.codePointAt(0);
    return "unexpected "
        + (found <= ' '
            ? "control character or white space %d".formatted(found)
            : Character.toString(found));
  }

  /** Reads the value whose first token is the current one; the nesting is bounded by the parser. */
  private Object value() throws ModelFormatException {
    return switch (parser.currentTokenId()) {
      case JsonTokenId.ID_START_OBJECT -> object();
      case JsonTokenId.ID_START_ARRAY -> array();
      case JsonTokenId.ID_STRING -> text(parser.getString());
      case JsonTokenId.ID_NUMBER_INT -> wholeNumber();
      case JsonTokenId.ID_NUMBER_FLOAT -> parser.getDoubleValue();
      case JsonTokenId.ID_TRUE -> true;
      case JsonTokenId.ID_FALSE -> false;
      case JsonTokenId.ID_NULL -> Json.Null.NULL;
      default -> throw syntax("unexpected " + parser.currentToken(), position());
    };
  }

  private Map<String, Object> object() throws ModelFormatException {
    Map<String, Object> members = new LinkedHashMap<>(4);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (members.containsKey(name)) {
        long at = position();
        throw new ModelFormatException(
            Reason.DUPLICATE_NAME,
            source + ": the name " + Quoted.of(name) + " occurs twice, again at byte " + at,
            at,
            "");
      }
      parser.nextToken();
      members.put(name, value());
    }
    return members.isEmpty() ? Map.of() : members;
  }

  private List<Object> array() throws ModelFormatException {
    List<Object> items = new ArrayList<>(4);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value());
    }
    return items.isEmpty() ? List.of() : items;
  }

  private Number wholeNumber() {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      return parser.getBigIntegerValue();
    }
    return parser.getLongValue();
  }

  /** Checks here what the parser checks only in names. */
  private String text(String text) throws ModelFormatException {
    if (!Quoted.wellFormed(text)) {
      throw syntax("half a surrogate pair in " + Quoted.of(text), position());
    }
    return text;
  }

  private ModelFormatException syntax(String problem, long at) {
    return new ModelFormatException(
        Reason.JSON_SYNTAX, source + ": not valid JSON at byte " + at + ": " + problem, at, "");
  }

  private long position() {
    return position(parser.currentTokenLocation());
  }

  /** Turns the parser's position, in chars, into the byte of the file. */
  private long position(TokenStreamLocation location) {
    long chars = 0;
    int bytes = 0;
    while (bytes < utf8.length && chars < location.getCharOffset()) {
      int lead = utf8[bytes] & 0xff;
      int length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      chars += length == 4 ? 2 : 1;
      bytes += length;
    }
    return offset + bytes;
  }
}
