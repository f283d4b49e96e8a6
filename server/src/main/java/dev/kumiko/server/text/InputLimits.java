package dev.kumiko.server.text;

import dev.kumiko.Input;
import dev.kumiko.format.Json;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Fields;
import dev.kumiko.server.model.ServedEmbedder;
import dev.kumiko.server.model.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the texts of requests, as many as are allowed.
 *
 * @param mostTexts of one request
 * @param tokenIds whether ids of the model's own vocabulary are taken in the place of texts
 */
public record InputLimits(int mostTexts, boolean tokenIds) {
  /**
   * Reads a text, or an array of texts.
   *
   * @param field its name
   * @param value its value
   * @return the texts, at least one
   * @throws ApiException if it is something else, or there is none, or there are too many
   */
  public List<String> texts(String field, Json value) throws ApiException {
    if (value.isString()) {
      return List.of(Fields.text(field, value));
    }
    if (!value.isArray()) {
      throw Fields.wrong(field, value, "text or an array of texts");
    }
    return array(field, value);
  }

  /**
   * Reads an array of texts.
   *
   * @param field its name
   * @param value its value
   * @return the texts, at least one
   * @throws ApiException if it is something else, or there is none, or there are too many
   */
  public List<String> array(String field, Json value) throws ApiException {
    List<Json> items = items(field, value);
    List<String> texts = new ArrayList<>(items.size());
    for (Json item : items) {
      texts.add(Fields.text(field, item));
    }
    return texts;
  }

  /**
   * Returns the items of an array that stand for one text each.
   *
   * @param field its name
   * @param value its value
   * @return the items, at least one
   * @throws ApiException if it is no array, or there is none, or there are too many
   */
  public List<Json> items(String field, Json value) throws ApiException {
    List<Json> items = Fields.items(field, value);
    if (items.isEmpty()) {
      throw new ApiException(
          Fault.EMPTY, field, "\"%s\" is an empty array; there is nothing to do".formatted(field));
    }
    if (items.size() > mostTexts) {
      throw new ApiException(
          Fault.TOO_MANY,
          field,
          "\"%s\" has %,d texts, and %,d are allowed in one request; send several requests"
              .formatted(field, items.size(), mostTexts));
    }
    return items;
  }

  /**
   * Reads token ids: an array of whole numbers, or an array of such.
   *
   * @param field its name
   * @param value its value
   * @param model whose ids they are to be
   * @return empty if it is something else
   * @throws ApiException if it is token ids that are not taken, or are not the model's
   */
  public Optional<List<Input>> ids(String field, Json value, ServedEmbedder model)
      throws ApiException {
    if (!value.isArray()) {
      return Optional.empty();
    }
    List<Json> items = Fields.items(field, value);
    if (items.isEmpty() || !isIds(items.getFirst())) {
      return Optional.empty();
    }
    if (!tokenIds) {
      throw new ApiException(
          Fault.INVALID,
          field,
          "\"%s\" has token ids, which another model's tokenizer may have made: their vectors would be"
                  .formatted(field)
              + " wrong; send text (in LangChain for Python: check_embedding_ctx_length=False), or"
              + " start the server with --token-ids if they are of this model's vocabulary");
    }
    List<Json> texts = items.getFirst().isNumber() ? List.of(value) : items(field, value);
    List<Input> inputs = new ArrayList<>();
    for (Json each : texts) {
      List<Json> numbers = Fields.items(field, each);
      if (numbers.size() > model.maxTokens()) {
        throw tooLong(field, inputs.size(), texts.size(), numbers.size(), model);
      }
      String place = place(field, inputs.size(), texts.size());
      inputs.add(new Input.TokenIds(ids(field, place, numbers, model)));
    }
    return Optional.of(inputs);
  }

  private static boolean isIds(Json value) throws ApiException {
    if (!value.isArray()) {
      return value.isNumber();
    }
    List<Json> items = Fields.items("", value);
    return items.isEmpty() || items.getFirst().isNumber();
  }

  /** The engine would refuse the same, but does not know which of the request's texts it is. */
  private static int[] ids(String field, String place, List<Json> numbers, ServedEmbedder model)
      throws ApiException {
    if (numbers.isEmpty()) {
      throw new ApiException(Fault.EMPTY, field, "%s has no token ids".formatted(place));
    }
    int[] ids = new int[numbers.size()];
    int most = model.info().vocabularySize() - 1;
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Fields.number(field, numbers.get(i));
      if (ids[i] < 0 || ids[i] > most) {
        throw new ApiException(
            Fault.INVALID,
            field,
            "%s has the token id %d, but those of %s are from 0 to %d"
                .formatted(place, ids[i], model.name(), most));
      }
    }
    return ids;
  }

  /**
   * Returns an exception that blames a text for its length.
   *
   * @param field its field's name
   * @param index its place
   * @param count how many texts there are
   * @param tokens of the text
   * @param model takes fewer
   * @return to be thrown
   */
  public static ApiException tooLong(
      String field, int index, int count, int tokens, ServedModel model) {
    return new ApiException(
        Fault.TOO_LONG,
        field,
        "%s has %,d tokens, and %s takes %,d; shorten it or send it in parts"
            .formatted(place(field, index, count), tokens, model.name(), model.maxTokens()));
  }

  /**
   * Refuses texts without any character.
   *
   * @param field their field's name
   * @param texts the texts
   * @throws ApiException if there is one
   */
  static void refuseEmpty(String field, List<String> texts) throws ApiException {
    int index = texts.indexOf("");
    if (index >= 0) {
      throw new ApiException(
          Fault.EMPTY, field, "%s is an empty text".formatted(place(field, index, texts.size())));
    }
  }

  private static String place(String field, int index, int count) {
    return count == 1 ? field : field + "[" + index + "]";
  }
}
