package dev.kumiko.server.http;

import dev.kumiko.server.batch.Batcher;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the route of a request, lets it answer, and writes the answer. Safe for concurrent use. */
final class Routes extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final String NOTES = "dev.kumiko.server.notes";

  private final Map<String, Map<String, Route>> routes = new TreeMap<>();
  private final Keys keys;
  private final BodyReader bodies;
  private final AnswerWriter writer;
  private final MemoryBudget budget = MemoryBudget.ofHeap();
  private final Batcher batcher;
  private final GoneClients gone;

  Routes(List<Route> all, Keys keys, Limits limits, Batcher batcher, GoneClients gone) {
    for (Route route : all) {
      Route other =
          routes.computeIfAbsent(route.path(), path -> new TreeMap<>()).put(route.method(), route);
      if (other != null) {
        throw new IllegalArgumentException("two routes are " + route.method() + " " + route.path());
      }
    }
    this.keys = keys;
    this.bodies = new BodyReader(limits.bodyBytes(), limits.bodyTime());
    this.writer = new AnswerWriter(limits.bodyTime());
    this.batcher = batcher;
    this.gone = gone;
  }

  /** Returns what is known of a request; nothing before it came here. */
  static Optional<Notes> notes(Request request) {
    return Optional.ofNullable((Notes) request.getAttribute(NOTES));
  }

  /**
   * Returns how errors are told: an API's own, even for a method that it does not have, and for a
   * path beside its own.
   */
  ErrorShape errors(String path) {
    return Stream.of(Optional.of(path).filter(routes::containsKey), meant(path), beside(path))
        .flatMap(Optional::stream)
        .findFirst()
        .map(known -> routes.get(known).values().iterator().next().errors())
        .orElse(CommonErrors.SHAPE);
  }

  /** Returns the route of the same last word: {@code /v1/embeddings} for {@code /embeddings/}. */
  private Optional<String> meant(String path) {
    String word = lastWord(path);
    return routes.keySet().stream()
        .filter(known -> !word.isEmpty() && lastWord(known).equals(word))
        .findFirst();
  }

  private static String lastWord(String path) {
    String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return plain.substring(plain.lastIndexOf('/') + 1);
  }

  /** Returns a route that begins as {@code /v1/other} does. */
  private Optional<String> beside(String path) {
    int second = path.indexOf('/', 1);
    return second < 0
        ? Optional.empty()
        : routes.keySet().stream()
            .filter(known -> known.startsWith(path.substring(0, second + 1)))
            .findFirst();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Notes notes = new Notes();
    request.setAttribute(NOTES, notes);
    // A stream of HTTP/2 is left alone while it is computed, as connections are: see the end point.
    request.addIdleTimeoutListener(timeout -> false);
    WatchedEndPoint connection = WatchedEndPoint.of(request);
    connection.begin();
    try (MemoryBudget.Share share = budget.share()) {
      answer(request, response, share, notes);
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e); // the client has gone, or takes nothing any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(new ClosedChannelException());
    } finally {
      connection.end();
    }
    return true;
  }

  /** As it was sent: what stands before the server must not read other spellings otherwise. */
  static String path(Request request) {
    return Objects.requireNonNullElse(request.getHttpURI().getPath(), "");
  }

  private void answer(Request request, Response response, MemoryBudget.Share share, Notes notes)
      throws IOException, InterruptedException {
    String path = path(request);
    Map<String, Route> methods = routes.getOrDefault(path, Map.of());
    ErrorShape errors = errors(path);
    Answer answer;
    try {
      answer = answer(request, methods, share, notes);
    } catch (ApiException e) {
      notes.fault(e.fault());
      answer = error(errors, e);
      if (e.fault() == Fault.METHOD) {
        answer = answer.withHeader("Allow", String.join(", ", methods.keySet()));
      }
    } catch (OutOfMemoryError e) { // of what was made of the body, most likely
      LOG.log(Level.ERROR, "%s %s: %s".formatted(request.getMethod(), path, e.getMessage()));
      answer = error(errors, new ApiException(Fault.FAILED, CommonErrors.LITTLE_MEMORY));
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, request.getMethod() + " " + path, e);
      ApiException failed = new ApiException(Fault.FAILED, "the server failed; its log says why");
      answer = error(errors, failed);
    }
    if (answer.status() >= 400) {
      share.close(); // what was read is not used any more
      bodies.discard(request);
    }
    // To HEAD, too: Jetty leaves the body out, and tells its length.
    writer.write(answer, request, response);
  }

  private Answer answer(
      Request request, Map<String, Route> methods, MemoryBudget.Share share, Notes notes)
      throws ApiException, InterruptedException {
    Route route = route(request, methods, notes);
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Optional<String> key = keys.known(authorization);
    if (!route.open() && keys.required() && key.isEmpty()) {
      throw new ApiException(Fault.UNAUTHORIZED, unauthorized(authorization));
    }
    Object client = key.orElseGet(() -> Request.getRemoteAddr(request));
    Call call = new Call(request, bodies, share, batcher, gone, client, notes);
    return route.handler().answer(call);
  }

  private static String unauthorized(String authorization) {
    if (authorization == null) {
      return "an API key is needed: Authorization: Bearer KEY";
    }
    return Keys.isBearer(authorization)
        ? "the API key is not known to this server"
        : "the header Authorization has no \"Bearer \" before the key: Authorization: Bearer KEY";
  }

  private Route route(Request request, Map<String, Route> methods, Notes notes)
      throws ApiException {
    String path = path(request);
    if (methods.isEmpty()) {
      throw new ApiException(
          Fault.NO_ROUTE,
          "there is no route %s%s; GET /openapi.json lists what there is"
              .formatted(
                  path, meant(path).map(known -> ", did you mean " + known + "?").orElse("")));
    }
    notes.route(path);
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    Route route = methods.get(method);
    if (route != null) {
      return route;
    }
    throw new ApiException(
        Fault.METHOD,
        "the method is %s, expected %s"
            .formatted(request.getMethod(), String.join(" or ", methods.keySet())));
  }

  private static Answer error(ErrorShape errors, ApiException e) {
    if (e.fault() == Fault.FAILED && e.getCause() != null) {
      LOG.log(Level.ERROR, e.getMessage(), e.getCause());
    }
    Answer answer = Answer.json(json -> errors.write(e, json)).withStatus(errors.status(e));
    Optional<Duration> retry = e.retryAfter();
    if (retry.isPresent()) {
      answer = answer.withHeader("Retry-After", Long.toString(retry.get().toSeconds()));
    }
    return e.fault() == Fault.UNAUTHORIZED
        ? answer.withHeader("WWW-Authenticate", "Bearer")
        : answer;
  }
}
