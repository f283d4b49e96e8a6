package dev.kumiko.server.text;

import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.Call;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.model.ServedReranker;
import dev.kumiko.server.model.ServedReranker.Scored;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Scores the documents of one request. */
public final class DocumentScoring {
  private DocumentScoring() {}

  /**
   * A document and its score.
   *
   * @param index among the documents of the request
   * @param text the document
   * @param scored what the model gives for it
   */
  public record Place(int index, String text, Scored scored) {}

  /**
   * Scores and orders documents.
   *
   * @param call of the request
   * @param model computes
   * @param query what is asked
   * @param documents at least one
   * @return best first; of equal scores the document that was given first
   * @throws ApiException if computing failed
   * @throws InterruptedException if the server stops
   */
  public static List<Place> rank(
      Call call, ServedReranker model, String query, List<String> documents)
      throws ApiException, InterruptedException {
    if (query.isEmpty()) {
      throw new ApiException(Fault.EMPTY, "query", "query is an empty text");
    }
    List<Scored> scored = call.compute(model.score(query), documents);
    List<Place> places = new ArrayList<>(documents.size());
    for (int i = 0; i < documents.size(); i++) {
      places.add(new Place(i, documents.get(i), scored.get(i)));
    }
    call.notes().tokens(tokens(places));
    places.sort(Comparator.comparingDouble((Place place) -> -place.scored().logit()));
    return places;
  }

  /**
   * Adds up tokens.
   *
   * @param places of a request
   * @return how many were computed
   */
  public static long tokens(List<Place> places) {
    return Math.round(places.stream().mapToDouble(place -> place.scored().tokens()).sum());
  }

  /**
   * Counts what was cut.
   *
   * @param places of a request
   * @return how many documents had too many tokens with the query
   */
  public static long truncated(List<Place> places) {
    return places.stream().filter(place -> place.scored().truncated()).count();
  }
}
