package dev.kumiko.server.http;

import java.util.Optional;

/** What the log and the metrics hear of a request: never its texts. For one thread at a time. */
public final class Notes {
  private String route = "none";
  private String model = "";
  private int texts;
  private long tokens;
  private long queueNanos;
  private Optional<Fault> fault = Optional.empty();

  /**
   * A route was found.
   *
   * @param path its path
   */
  void route(String path) {
    route = path;
  }

  /**
   * A model was chosen.
   *
   * @param name its name
   */
  public void model(String name) {
    model = name;
  }

  /**
   * Tokens were computed.
   *
   * @param more so many
   */
  public void tokens(long more) {
    tokens += more;
  }

  void fault(Fault what) {
    fault = Optional.of(what);
  }

  void computed(int inputs, long waitedNanos) {
    texts += inputs;
    queueNanos = Math.max(queueNanos, waitedNanos);
  }

  /** {@return the route's path, or {@code none}} */
  public String route() {
    return route;
  }

  /** {@return why there was no result; empty if nothing was wrong} */
  public Optional<Fault> fault() {
    return fault;
  }

  /** {@return the model's name; empty if none was asked} */
  public String model() {
    return model;
  }

  /** {@return how many texts were computed} */
  public int texts() {
    return texts;
  }

  /** {@return how many tokens were computed} */
  public long tokens() {
    return tokens;
  }

  /** {@return how long the texts waited for their turn} */
  public long queueNanos() {
    return queueNanos;
  }
}
