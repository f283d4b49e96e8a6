package dev.kumiko.server.status;

import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.CommonErrors;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.metrics.ServerMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** How the server is. */
public final class StatusRoutes {
  private final ServerMetrics metrics;
  private volatile State state = State.LOADING;

  /** What a server is about. */
  private enum State {
    LOADING,
    UP,
    STOPPING
  }

  /**
   * A server that is loading its models.
   *
   * @param metrics what is shown
   */
  public StatusRoutes(ServerMetrics metrics) {
    this.metrics = metrics;
  }

  /** Requests are welcome from now on. */
  public void ready() {
    state = State.UP;
  }

  /** Requests are no longer welcome. */
  public void stopping() {
    state = State.STOPPING;
  }

  /** {@return the routes} */
  public List<Route> all() {
    return List.of(
        open("/health", call -> health()),
        open("/health/ready", call -> health()),
        open("/health/live", call -> state("up", 200)),
        open("/openapi.json", call -> description()),
        new Route("GET", "/metrics", CommonErrors.SHAPE, call -> metrics()));
  }

  private static Route open(String path, Route.Handler handler) {
    return new Route("GET", path, CommonErrors.SHAPE, true, handler);
  }

  private Answer health() {
    State now = state;
    return state(now.name().toLowerCase(Locale.ROOT), now == State.UP ? 200 : 503);
  }

  private static Answer state(String word, int status) {
    return Answer.json(
            json -> {
              json.writeStartObject();
              json.writeStringProperty("status", word);
              json.writeEndObject();
            })
        .withStatus(status);
  }

  private static Answer description() {
    try (InputStream in =
        StatusRoutes.class.getResourceAsStream("/dev/kumiko/server/openapi.json")) {
      return Answer.bytes("application/json", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer metrics() {
    return Answer.bytes(
        "text/plain; version=0.0.4; charset=utf-8",
        metrics.text().getBytes(StandardCharsets.UTF_8));
  }
}
