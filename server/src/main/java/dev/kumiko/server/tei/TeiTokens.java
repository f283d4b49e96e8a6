package dev.kumiko.server.tei;

import dev.kumiko.Prompt;
import dev.kumiko.Tokens;
import dev.kumiko.server.batch.Computation;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.model.ModelChoice;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.text.InputLimits;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Tokens as text-embeddings-inference has them. */
public final class TeiTokens {
  private static final Set<String> FIELDS = Set.of("inputs", "add_special_tokens", "model");

  private final ModelCatalog models;
  private final InputLimits limits;

  /**
   * Routes to models.
   *
   * @param models what is served
   * @param limits how much a request may have
   */
  public TeiTokens(ModelCatalog models, InputLimits limits) {
    this.models = models;
    this.limits = limits;
  }

  /** All tokens of a text, however many a model takes. */
  private record Tokenize(ServedEmbedder model) implements Computation<String, Tokens> {
    @Override
    public List<Tokens> compute(List<String> texts) {
      return texts.stream()
          .map(text -> model.embedder().tokenize(text, Prompt.NONE, Integer.MAX_VALUE))
          .toList();
    }

    @Override
    public int cost(String text) {
      return 1 + text.length() / 10_000; // a tenth of a microsecond a character
    }

    @Override
    public long resultBytes(String text) {
      return 200 + 32L * text.length(); // a character may be a token, with its id and its places
    }
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(new Route("POST", "/tokenize", TeiErrors.SHAPE, this::tokenize));
  }

  private Answer tokenize(Call call) throws ApiException, InterruptedException {
    Fields fields = new Fields(call.body()).only(FIELDS);
    ServedEmbedder model =
        ModelChoice.of(models, ServedEmbedder.class, fields.text("model"), call.notes());
    boolean specials = fields.truth("add_special_tokens", true);
    List<String> texts = limits.texts("inputs", fields.get("inputs"));
    List<Tokens> tokens = call.compute(new Tokenize(model), texts);
    return Answer.json(
        json -> {
          json.writeStartArray();
          for (int i = 0; i < tokens.size(); i++) {
            write(json, texts.get(i), tokens.get(i), specials);
          }
          json.writeEndArray();
        });
  }

  /** Special tokens have no place in the text; the places of others count chars of UTF-16. */
  private static void write(JsonGenerator json, String text, Tokens tokens, boolean specials) {
    json.writeStartArray();
    for (int i = 0; i < tokens.length(); i++) {
      boolean special = !tokens.isOfText(i);
      if (special && !specials) {
        continue;
      }
      json.writeStartObject();
      json.writeNumberProperty("id", tokens.ids()[i]);
      json.writeStringProperty(
          "text", special ? tokens.texts().get(i) : text.substring(tokens.start(i), tokens.end(i)));
      json.writeBooleanProperty("special", special);
      if (special) {
        json.writeNullProperty("start");
        json.writeNullProperty("stop");
      } else {
        json.writeNumberProperty("start", tokens.start(i));
        json.writeNumberProperty("stop", tokens.end(i));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
