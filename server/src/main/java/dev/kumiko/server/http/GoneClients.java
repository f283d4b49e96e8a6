package dev.kumiko.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** Looks from time to time which clients have gone, so that nobody computes for them. */
final class GoneClients implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Ticker ticker =
      new Ticker("kumiko-gone-clients", PERIOD, () -> watches.forEach(Watch::look));

  /** Watches the client of a request whose body was read, until the watch is ended. */
  Watch watch(Request request, Runnable action) {
    request.addFailureListener(failure -> action.run()); // HTTP/2 says so itself
    Watch watch = new Watch(endPoint(request), request.isSecure(), action);
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

  @Override
  public void close() {
    ticker.close();
  }

  /** One client that is waiting. */
  final class Watch {
    private final WatchedEndPoint endPoint;
    private final boolean secure;
    private final Runnable action;

    private Watch(WatchedEndPoint endPoint, boolean secure, Runnable action) {
      this.endPoint = endPoint;
      this.secure = secure;
      this.action = action;
    }

    private void look() {
      if (endPoint.gone(secure)) {
        action.run();
      }
    }

    void end() {
      watches.remove(this);
    }
  }
}
