package dev.kumiko.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether its client has gone. While an HTTP/1.1 request is answered
 * nobody reads from its connection: the end of the stream would be seen at the answer only.
 */
final class WatchedEndPoint extends SocketChannelEndPoint {
  private static final int AHEAD = 4096;

  /** How many of its requests are computed: of HTTP/2, several may be. */
  private final AtomicInteger computing = new AtomicInteger();

  private final Executor executor;

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

  void computes(int more) {
    computing.addAndGet(more);
  }

  /** Nothing moves while a client waits for us, which is no reason to leave it. */
  @Override
  protected void onIdleExpired(TimeoutException timeout) {
    if (computing.get() == 0) {
      super.onIdleExpired(timeout);
    }
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
    return ahead.hasRemaining() ? BufferUtil.append(buffer, ahead) : super.fill(buffer);
  }
}
