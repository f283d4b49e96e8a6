package dev.kumiko.server.http;

/**
 * One method of one path.
 *
 * @param method such as {@code POST}
 * @param path such as {@code /v1/embeddings}
 * @param errors how its API tells errors
 * @param open whether it is answered without a key, too
 * @param handler answers
 */
public record Route(String method, String path, ErrorShape errors, boolean open, Handler handler) {
  /** Answers one request, on a thread of its own. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @param call what is asked
     * @return the answer
     * @throws ApiException if there is none
     * @throws InterruptedException if the server stops
     */
    Answer answer(Call call) throws ApiException, InterruptedException;
  }

  /**
   * A route that needs a key where the server has keys.
   *
   * @param method such as {@code POST}
   * @param path such as {@code /v1/embeddings}
   * @param errors how its API tells errors
   * @param handler answers
   */
  public Route(String method, String path, ErrorShape errors, Handler handler) {
    this(method, path, errors, false, handler);
  }
}
