package dev.kumiko.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** Looks from time to time which clients have gone, so that nobody computes for them. */
final class GoneClients implements AutoCloseable {
  private static final Duration PERIOD = Duration.ofMillis(50);

  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Ticker ticker =
      new Ticker("kumiko-gone-clients", PERIOD, () -> watches.forEach(Watch::look));

  /** Watches a client from the beginning of its request on. */
  Watch watch(Request request) {
    Watch watch = new Watch(request);
    request.addFailureListener(failure -> watch.left()); // HTTP/2 says so itself
    return watch;
  }

  @Override
  public void close() {
    ticker.close();
  }

  /** One client that is waiting. */
  final class Watch {
    private final WatchedEndPoint endPoint;
    private final boolean looks;
    private final boolean secure;
    private boolean gone;

    /** Null while nothing is computed. */
    private Runnable whenGone;

    private Watch(Request request) {
      this.endPoint = WatchedEndPoint.of(request);
      this.looks = request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2;
      this.secure = request.isSecure();
    }

    /**
     * Something is computed for the client; its request was read.
     *
     * @param action what to do when it goes away, or has already
     */
    synchronized void begin(Runnable action) {
      whenGone = action;
      if (gone) {
        action.run();
      } else if (looks) {
        watches.add(this);
      }
    }

    private synchronized void look() {
      if (whenGone != null && endPoint.gone(secure)) {
        left();
      }
    }

    private synchronized void left() {
      gone = true;
      if (whenGone != null) {
        whenGone.run();
      }
    }

    /** Looks no more: from now on Jetty waits for bytes, and must not miss any. */
    synchronized void end() {
      whenGone = null;
      watches.remove(this);
    }
  }
}
