package dev.kumiko.server.http;

import dev.kumiko.server.batch.Batcher;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the route of a request, lets it answer, and writes the answer. Safe for concurrent use. */
final class Routes extends Handler.Abstract {
  private static final System.Logger LOG = System.getLogger("dev.kumiko.server");
  private static final String NOTES = "dev.kumiko.server.notes";

  private final Map<String, Map<String, Route>> routes = new HashMap<>();
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

  /** Returns how errors are told: an API's own, even for a method that it does not have. */
  ErrorShape errors(String path) {
    Map<String, Route> methods = routes.getOrDefault(path, Map.of());
    return methods.isEmpty() ? CommonErrors.SHAPE : methods.values().iterator().next().errors();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Notes notes = new Notes();
    request.setAttribute(NOTES, notes);
    // A stream of HTTP/2 is left alone while it is computed, as connections are: see the end point.
    request.addIdleTimeoutListener(timeout -> false);
    try (MemoryBudget.Share share = budget.share()) {
      answer(request, response, share, notes);
      callback.succeeded();
    } catch (IOException e) {
      callback.failed(e); // the client has gone, or takes nothing any more
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(new ClosedChannelException());
    }
    return true;
  }

  private void answer(Request request, Response response, MemoryBudget.Share share, Notes notes)
      throws IOException, InterruptedException {
    // As it was sent: what stands before the server must not read other spellings otherwise.
    String path = request.getHttpURI().getPath();
    Map<String, Route> methods = routes.getOrDefault(path, Map.of());
    ErrorShape errors = errors(path);
    Answer answer;
    try {
      answer = answer(request, methods, share, notes);
    } catch (ApiException e) {
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
    Route route = route(request, methods);
    notes.route(route.path());
    String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    Optional<String> key = keys.known(authorization);
    if (!route.open() && keys.required() && key.isEmpty()) {
      throw new ApiException(
          Fault.UNAUTHORIZED,
          authorization == null
              ? "an API key is needed: Authorization: Bearer KEY"
              : "the API key is not known to this server");
    }
    Object client = key.orElseGet(() -> Request.getRemoteAddr(request));
    Call call = new Call(request, bodies, share, batcher, gone, client, notes);
    return route.handler().answer(call);
  }

  private static Route route(Request request, Map<String, Route> methods) throws ApiException {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    Route route = methods.get(method);
    if (route != null) {
      return route;
    }
    if (methods.isEmpty()) {
      throw new ApiException(
          Fault.NO_ROUTE, "there is no such route; GET /openapi.json lists what there is");
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
