package dev.kumiko.server.text;

import dev.kumiko.Embedding;
import dev.kumiko.Input;
import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.model.ServedEmbedder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Embeds the texts of one request.
 *
 * @param field the field that they are in
 * @param model computes
 * @param prompt the name of one of the model's prompts; empty for its default
 * @param dimension of the vectors; empty for all
 * @param truncate whether texts that are too long are cut rather than refused
 */
public record TextEmbedding(
    String field,
    ServedEmbedder model,
    Optional<String> prompt,
    OptionalInt dimension,
    boolean truncate) {
  /** Says in an answer how many of its texts were cut. */
  private static final String TRUNCATED = "X-Kumiko-Truncated";

  /**
   * Embeds.
   *
   * @param call of the request
   * @param texts at least one, none empty
   * @return one embedding for each text
   * @throws ApiException if a text is too long and not to be cut, or computing failed
   * @throws InterruptedException if the server stops
   */
  public List<Embedding> embed(Call call, List<String> texts)
      throws ApiException, InterruptedException {
    InputLimits.refuseEmpty(field, texts);
    List<Input> inputs = new ArrayList<>(texts.size());
    texts.forEach(text -> inputs.add(Input.of(text)));
    List<Embedding> embeddings = call.compute(model.embed(prompt, dimension, truncate), inputs);
    for (int i = 0; i < embeddings.size(); i++) {
      Embedding each = embeddings.get(i);
      if (each != null && ServedEmbedder.isRefused(each)) {
        throw InputLimits.tooLong(field, i, texts.size(), each.tokens(), model);
      }
    }
    call.notes().tokens(tokens(embeddings));
    return embeddings;
  }

  /**
   * Adds up tokens.
   *
   * @param embeddings of a request
   * @return how many were computed, special tokens and prompts included
   */
  public static long tokens(List<Embedding> embeddings) {
    return embeddings.stream().mapToLong(Embedding::tokens).sum();
  }

  /**
   * Says in an answer that texts were cut, if any was.
   *
   * @param answer to the request
   * @param truncated how many were
   * @return the answer with a header, or as it was
   */
  public static Answer tell(Answer answer, long truncated) {
    return truncated == 0 ? answer : answer.withHeader(TRUNCATED, Long.toString(truncated));
  }

  /**
   * Says in an answer that texts were cut, if any was.
   *
   * @param answer to the request
   * @param embeddings of its texts
   * @return the answer with a header, or as it was
   */
  public static Answer tell(Answer answer, List<Embedding> embeddings) {
    return tell(answer, embeddings.stream().filter(Embedding::truncated).count());
  }
}
