package dev.kumiko.format;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.model.ModelFormatException;
import dev.kumiko.model.ModelFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static Json parse(String json) throws ModelFormatException {
    return Json.parse("config.json", json.replace('\'', '"'));
  }

  private static String message(Executable action) {
    return assertThrows(ModelFormatException.class, action).getMessage();
  }

  @Test
  void readsEveryKind() throws IOException {
    Json json = parse("{'i':-7,'l':9007199254740993,'d':1e-12,'s':'ä\\n','b':true,'n':null}");
    assertEquals(-7, json.get("i").asInt());
    assertEquals(-7, json.get("i").asDouble());
    assertEquals(9007199254740993L, json.get("l").asLong());
    assertEquals(1e-12, json.get("d").asDouble());
    assertEquals("ä\n", json.get("s").asString());
    assertTrue(json.get("b").asBoolean());
    assertTrue(json.get("n").isNull());
    assertTrue(json.find("n").isPresent());
    assertTrue(json.find("none").isEmpty());
    assertEquals(1e30, parse("[1000000000000000019884624838656]").items().get(0).asDouble());
  }

  @Test
  void tellsKindsApart() throws IOException {
    List<Json> kinds = parse("[{}, [], 'x', 1, 1.5, false, null]").items();
    assertEquals(List.of(0), indices(kinds.stream().map(Json::isObject).toList()));
    assertEquals(List.of(1), indices(kinds.stream().map(Json::isArray).toList()));
    assertEquals(List.of(2), indices(kinds.stream().map(Json::isString).toList()));
    assertEquals(List.of(3, 4), indices(kinds.stream().map(Json::isNumber).toList()));
    assertEquals(List.of(6), indices(kinds.stream().map(Json::isNull).toList()));
  }

  private static List<Integer> indices(List<Boolean> marks) {
    return IntStream.range(0, marks.size()).filter(marks::get).boxed().toList();
  }

  @Test
  void keepsTheOrderOfMembersAndItems() throws IOException {
    Json json = parse("{'z':[3,1,2],'a':0,'m':0}");
    assertEquals(List.of("z", "a", "m"), List.copyOf(json.members().keySet()));
    assertEquals("[3, 1, 2]", json.get("z").items().toString());
  }

  @Test
  void namesDocumentAndPlace() throws IOException {
    Json json = parse("{'model':{'vocab':[{'id':'x'}],'a.b':{'':1}},'n':null}");
    Json model = json.get("model");
    assertEquals("config.json: hidden_size is missing", message(() -> json.get("hidden_size")));
    assertEquals("config.json: model.type is missing", message(() -> model.get("type")));
    assertEquals(
        "config.json: model.vocab is an array with 1 item, expected an object",
        message(() -> model.get("vocab").get("x")));
    assertEquals(
        "config.json: model.vocab[0].id is \"x\", expected a whole number",
        message(() -> model.get("vocab").items().get(0).get("id").asInt()));
    assertEquals(
        "config.json: model[\"a.b\"][\"\"] is 1, expected text",
        message(() -> model.get("a.b").get("").asString()));
    assertEquals(
        "config.json: n is null, expected true or false", message(() -> json.get("n").asBoolean()));
    assertEquals(
        "config.json: the value is an object with 2 members, expected an array",
        message(json::items));
    assertEquals("model.vocab", model.get("vocab").path());
    assertEquals("", json.path());
    assertEquals("config.json: model must be empty", model.error("must be empty").getMessage());
  }

  @Test
  void refusesNumbersThatDoNotFit() throws IOException {
    List<Json> numbers = parse("[2147483648,9223372036854775808,1.0,1e999]").items();
    assertEquals(
        "config.json: [0] is 2147483648, expected a number from -2147483648 to 2147483647",
        message(() -> numbers.get(0).asInt()));
    assertTrue(message(() -> numbers.get(1).asLong()).contains("9223372036854775808, expected"));
    assertTrue(message(() -> numbers.get(2).asInt()).endsWith("1.0, expected a whole number"));
    assertTrue(message(() -> numbers.get(3).asDouble()).contains("expected a number from"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,",
        "[1,]",
        "{'a':1,}",
        "{a:1}",
        "[+1]",
        "[01]",
        "1 2",
        "'\\x'",
        "// no\n1",
        "'\t'",
        "nul",
        "]",
        "'\\udc00'",
        "{'\\ud83d':1}",
        "'\\ud800'",
        "'\\ud800x'",
        "'\\ud800\\ud800'",
        "{'\\udc00':1}"
      })
  void refusesWhatIsNotJson(String text) {
    ModelFormatException e =
        assertThrows(ModelFormatException.class, () -> parse(text), () -> "accepted " + text);
    assertEquals(Reason.JSON_SYNTAX, e.reason());
    assertTrue(e.getMessage().startsWith("config.json: not valid JSON"), e.getMessage());
    assertTrue(e.offset() >= 0 && e.offset() <= text.length(), e.getMessage());
    assertFalse(e.getMessage().contains("tools.jackson"), e.getMessage());
    assertFalse(e.getMessage().contains("StreamReadConstraints"), e.getMessage());
    assertFalse(e.getMessage().contains("JsonReadFeature"), e.getMessage());
    assertFalse(e.getMessage().contains("token"), e.getMessage());
  }

  @Test
  void saysWhatIsUnexpectedAndWhere() {
    assertEquals(
        "config.json: not valid JSON at byte 5: unexpected n", message(() -> parse("{'a':nul}")));
    assertEquals(
        "config.json: not valid JSON at byte 3: unexpected ]", message(() -> parse("[1,]")));
    assertEquals(
        "config.json: not valid JSON at byte 4: unexpected control character or white space 1",
        message(() -> parse("'abc\u0001'")));
  }

  /** Python writes them, and a file may have them where nobody looks. */
  @Test
  void numbersThatAreNoneHurtOnlyWhoAsksForThem() throws IOException {
    List<Json> numbers = parse("[0.0, NaN, Infinity, -Infinity]").items();
    assertEquals(0, numbers.get(0).asDouble());
    for (int i = 1; i < numbers.size(); i++) {
      Json number = numbers.get(i);
      assertTrue(message(number::asDouble).contains(", expected a number from "));
      assertTrue(message(number::asInt).contains(", expected a whole number"));
    }
    assertEquals(
        "config.json: [1] is NaN, expected a whole number", message(numbers.get(1)::asInt));
  }

  @Test
  void refusesDocumentsMadeToExhaustMemory() {
    String tokens = "[" + "0,".repeat(10_000_000) + "0]";
    assertThrows(ModelFormatException.class, () -> Json.parse("config.json", tokens));
    String deep = "[".repeat(100_000);
    assertThrows(ModelFormatException.class, () -> Json.parse("config.json", deep));
    String number = "9".repeat(100_000);
    assertThrows(ModelFormatException.class, () -> Json.parse("config.json", number));
  }

  @Test
  void refusesOtherEncodingsAndDuplicates() {
    byte[] utf16 = "{\"a\":1}".getBytes(UTF_16LE);
    assertThrows(ModelFormatException.class, () -> Json.parse("config.json", utf16));
    byte[] latin1 = {'"', (byte) 0xe4, '"'};
    assertEquals(
        "config.json: byte 1 is not UTF-8 text, but JSON must be",
        message(() -> Json.parse("config.json", latin1)));
    assertEquals(
        "config.json: the name \"a\" occurs twice, again at byte 7",
        message(() -> parse("{'a':1,'a':1}")));
    assertEquals(
        Reason.NOT_UTF8,
        assertThrows(ModelFormatException.class, () -> Json.parse("x", "\"\ud800\"")).reason());
  }

  @Test
  void readsALargeVocabulary() throws IOException {
    StringBuilder text = new StringBuilder("{\"vocab\":{");
    for (int i = 0; i < 250_000; i++) {
      text.append(i == 0 ? "" : ",").append("\"piece").append(i).append("\":").append(i);
    }
    byte[] utf8 = text.append("}}").toString().getBytes(UTF_8);
    Map<String, Json> vocab =
        Json.parse("tokenizer.json", new ByteArrayInputStream(utf8)).get("vocab").members();
    assertEquals(250_000, vocab.size());
    assertEquals(249_999, vocab.get("piece249999").asInt());
  }

  @Test
  void writesText() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("z", Arrays.asList(1, -2L, 1e-12, 0.1, true, null, "a\"\\\n\u0001ä☃\ud83d\ude00"));
    object.put("a", Map.of());
    String text = Json.text(object);
    assertEquals(
        "{\"z\":[1,-2,1.0E-12,0.1,true,null,\"a\\\"\\\\\\n\\u0001ä☃\ud83d\ude00\"],\"a\":{}}",
        text);
    Json read = Json.parse("text", text);
    assertEquals("a\"\\\n\u0001ä☃\ud83d\ude00", read.get("z").items().get(6).asString());
    assertEquals(1e-12, read.get("z").items().get(2).asDouble());
    for (Object bad : List.of(Double.NaN, 1.5f, new Object(), "\udc00", Map.of("\ud800", 1))) {
      assertThrows(IllegalArgumentException.class, () -> Json.text(bad));
    }
  }
}
