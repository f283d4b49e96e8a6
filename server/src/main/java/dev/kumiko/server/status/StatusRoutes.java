package dev.kumiko.server.status;

import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.CommonErrors;
import dev.kumiko.server.http.Fault;
import dev.kumiko.server.http.Notes;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.metrics.ServerMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How the server is. */
public final class StatusRoutes {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");

  private final ServerMetrics metrics;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private volatile int served;
  private volatile State state = State.LOADING;

  /** What a server is about. */
  private enum State {
    LOADING,
    UP,
    /** The files of all models were written to in their place: only a new start helps. */
    MODEL_CHANGED,
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

  /**
   * Requests are welcome from now on.
   *
   * @param models how many are served
   */
  public void ready(int models) {
    served = models;
    state = State.UP;
  }

  /**
   * Looks at how a request ended: a model whose file was written to gives nothing any more.
   *
   * @param notes what is known of the request
   */
  public void answered(Notes notes) {
    if (notes.fault().equals(Optional.of(Fault.MODEL_CHANGED)) && changed.add(notes.model())) {
      LOG.log(
          Level.ERROR,
          "The file of the model {0} was written to while it was served; start the server again,"
              + " and replace files by renaming others over them",
          notes.model());
      if (changed.size() == served && state == State.UP) {
        state = State.MODEL_CHANGED;
      }
    }
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
