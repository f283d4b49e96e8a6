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
    Watch watch = new Watch(request, action);
    if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2) {
      watches.add(watch);
    }
    watch.endPoint.computes(1);
    return watch;
  }

  private static WatchedEndPoint endPoint(Request request) {
    EndPoint found = request.getConnectionMetaData().getConnection().getEndPoint();
    while (found instanceof EndPoint.Wrapper wrapper) { // TLS
      found = wrapper.unwrap();
    }
    return (WatchedEndPoint) found; // this server's connector makes no others
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
    private boolean ended;

    private Watch(Request request, Runnable action) {
      this.endPoint = endPoint(request);
      this.secure = request.isSecure();
      this.action = action;
    }

    private synchronized void look() {
      if (!ended && endPoint.gone(secure)) {
        action.run();
      }
    }

    /** Looks no more: from now on Jetty waits for bytes, and must not miss any. */
    synchronized void end() {
      ended = true;
      watches.remove(this);
      endPoint.computes(-1);
    }
  }
}
