package dev.kumiko.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether its client has gone. While an HTTP/1.1 request is answered
 * nobody reads from its connection: the end of the stream would be seen at the answer only.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
  private static final int AHEAD = 4096;

  /** How many of its requests are read, computed or answered: of HTTP/2, several may be. */
  private final AtomicInteger serving = new AtomicInteger();

  private final Executor executor;

  /** When the first byte of a request came that has not begun to be served; 0 if none has. */
  private volatile long headNanos;

  /** What was read by looking, and is not asked for yet. */
  private ByteBuffer ahead = BufferUtil.EMPTY_BUFFER;

  WatchedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  /**
   * Returns whether the client has closed the connection, and has sent no further request.
   *
   * @param secure whether TLS is spoken: what comes last then is no request, but its farewell
   */
  synchronized boolean gone(boolean secure) {
    if (!isOpen()) {
      return true;
    }
    try {
      if (!ahead.hasRemaining()) {
        ahead = BufferUtil.allocate(AHEAD);
      }
      boolean ended = isInputShutdown() || (BufferUtil.space(ahead) > 0 && super.fill(ahead) < 0);
      return ended && (secure || !ahead.hasRemaining());
    } catch (IOException e) {
      return true;
    }
  }

  /** Returns the connection of a request. */
  static WatchedEndPoint of(Request request) {
    EndPoint found = request.getConnectionMetaData().getConnection().getEndPoint();
    while (found instanceof EndPoint.Wrapper wrapper) { // TLS
      found = wrapper.unwrap();
    }
    return (WatchedEndPoint) found; // this server's connector makes no others
  }

  /** A request begins to be served. */
  void begin() {
    serving.incrementAndGet();
    headNanos = 0;
  }

  /** A request was answered. */
  void end() {
    serving.decrementAndGet();
  }

  /**
   * Nothing moves while a client waits for us, which is no reason to leave it. Its body, and its
   * taking of the answer, have times of their own, which hold while the server stops, too.
   */
  @Override
  protected void onIdleExpired(TimeoutException timeout) {
    if (serving.get() == 0) {
      super.onIdleExpired(timeout);
    }
  }

  /** Leaves a client whose request has begun, and whose head is not there after so long. */
  void closeIfHeadIsLate(Duration longest) {
    long begun = headNanos;
    if (begun != 0 && System.nanoTime() - begun > longest.toNanos() && takesHeads()) {
      close(new TimeoutException("the head of a request took too long"));
    }
  }

  /** Between requests HTTP/2 has frames that ask for nothing. */
  private boolean takesHeads() {
    Connection connection = getConnection();
    if (connection instanceof SslConnection secure) {
      connection = secure.getSslEndPoint().getConnection();
    }
    return !(connection instanceof HTTP2Connection);
  }

  /** What was read ahead is there already: the selector would wait for more. */
  @Override
  protected void needsFillInterest() {
    if (isAhead()) {
      executor.execute(() -> getFillInterest().fillable());
    } else {
      super.needsFillInterest();
    }
  }

  private synchronized boolean isAhead() {
    return ahead.hasRemaining();
  }

  @Override
  public synchronized int fill(ByteBuffer buffer) throws IOException {
    int count = ahead.hasRemaining() ? BufferUtil.append(buffer, ahead) : super.fill(buffer);
    if (count > 0 && serving.get() == 0 && headNanos == 0) {
      headNanos = Math.max(1, System.nanoTime());
    }
    return count;
  }
}
