package dev.kumiko.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** Looks from time to time which clients have gone, so that nobody computes for them. */
final class GoneClients implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("kumiko-gone-clients").daemon().factory());

  GoneClients() {
    timer.scheduleWithFixedDelay(
        () -> watches.forEach(Watch::look),
        PERIOD.toMillis(),
        PERIOD.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Watches the client of a request whose body was read, until the watch is ended. */
  Watch watch(Request request, Runnable action) {
    request.addFailureListener(failure -> action.run()); // HTTP/2 says so itself
    Watch watch = new Watch(endPoint(request), action);
    if (watch.endPoint != null) {
      watches.add(watch);
    }
    return watch;
  }

  private static WatchedEndPoint endPoint(Request request) {
    if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
      return null;
    }
    EndPoint found = request.getConnectionMetaData().getConnection().getEndPoint();
    while (found instanceof EndPoint.Wrapper wrapper) { // TLS
      found = wrapper.unwrap();
    }
    return found instanceof WatchedEndPoint watched ? watched : null;
  }

  /** Returns the thread that looks; other small periodic work may share it. */
  ScheduledExecutorService timer() {
    return timer;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** One client that is waiting. */
  final class Watch {
    private final WatchedEndPoint endPoint;
    private final Runnable action;

    private Watch(WatchedEndPoint endPoint, Runnable action) {
      this.endPoint = endPoint;
      this.action = action;
    }

    private void look() {
      if (endPoint.gone()) {
        action.run();
      }
    }

    void end() {
      watches.remove(this);
    }
  }
}
