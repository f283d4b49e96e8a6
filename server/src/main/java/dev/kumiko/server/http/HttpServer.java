package dev.kumiko.server.http;

import dev.kumiko.server.batch.Batcher;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** Jetty, set up: requests on virtual threads, HTTP/1.1 and HTTP/2 on one port. */
public final class HttpServer implements AutoCloseable {
  /**
   * Requests that wait, for their body, say, cost little: of HTTP/2 there may be many for each
   * connection. With Jetty's 200, so many slow clients would stop all others.
   */
  private static final int MOST_REQUESTS = 100_000;

  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration LOOK_AT_HEADS = Duration.ofSeconds(1);

  /** Held here, since the JDK forgets a logger and its level that nobody holds. */
  private static final Map<Logger, Level> JETTY_LOGS =
      Map.of(
          Logger.getLogger("org.eclipse.jetty"),
          Level.WARNING,
          // What strangers send is no event; the metrics count it.
          Logger.getLogger("org.eclipse.jetty.http"),
          Level.SEVERE,
          Logger.getLogger("org.eclipse.jetty.util.HostPort"),
          Level.SEVERE);

  static {
    JETTY_LOGS.forEach(HttpServer::quiet);
  }

  private final Address address;
  private final Limits limits;
  private final Server server = new Server(new VirtualThreadPool(MOST_REQUESTS));
  private final ServerConnector connector;
  private final GoneClients gone;
  private final Ticker heads;
  private Ticker renewal;

  /**
   * A server that does not listen yet.
   *
   * @param address where it will
   * @param limits what it refuses
   * @param routes what it answers
   * @param batcher computes
   * @param listener hears of each request
   * @param log gets a line of JSON for each request; null for none
   * @throws IOException if its keys or certificates are no good
   */
  public HttpServer(
      Address address,
      Limits limits,
      List<Route> routes,
      Batcher batcher,
      RequestListener listener,
      PrintStream log)
      throws IOException {
    this.address = address;
    this.limits = limits;
    requireSafe(address);
    Keys keys = address.keys().isPresent() ? new KeyFile(address.keys().get()) : Keys.None.NONE;
    ConnectionFactory[] protocols = protocols();
    gone = new GoneClients(); // a thread: what can fail comes before
    Routes all = new Routes(routes, keys, limits, batcher, gone);
    Handler handler = new GracefulHandler(all);
    server.setHandler(
        address.origin().isPresent() ? crossOrigin(handler, address.origin().get()) : handler);
    server.setErrorHandler(new JettyErrors(all));
    server.setRequestLog(new AccessLog(listener, log));
    server.setStopTimeout(limits.stopTime().toMillis());
    connector = new WatchedConnector(server, protocols);
    connector.setHost(address.host());
    connector.setPort(address.port());
    connector.setIdleTimeout(limits.idle().toMillis());
    connector.setAcceptQueueSize(1024);
    heads = new Ticker("kumiko-slow-heads", LOOK_AT_HEADS, this::leaveSlowHeads);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(limits.connections(), server));
  }

  /** Has the JVM load most of Jetty, which takes a tenth of a second; may be called early. */
  public static void loadClasses() {
    Server unused = new Server(new VirtualThreadPool());
    unused.addConnector(new ServerConnector(unused, new HttpConnectionFactory()));
  }

  private static void quiet(Logger logger, Level level) {
    if (logger.getLevel() == null) { // whoever has set one wants to hear more, or less
      logger.setLevel(level);
    }
  }

  /** Its connections can be asked whether the client has gone. */
  private static final class WatchedConnector extends ServerConnector {
    WatchedConnector(Server server, ConnectionFactory... protocols) {
      super(server, 1, 1, protocols);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      SocketChannelEndPoint endPoint =
          new WatchedEndPoint(channel, selector, key, getScheduler(), getExecutor());
      endPoint.setIdleTimeout(getIdleTimeout());
      return endPoint;
    }
  }

  private void leaveSlowHeads() {
    connector
        .getConnectedEndPoints()
        .forEach(each -> ((WatchedEndPoint) each).closeIfHeadIsLate(limits.bodyTime()));
  }

  private static void requireSafe(Address address) throws IOException {
    boolean alone = InetAddress.getByName(address.host()).isLoopbackAddress();
    if (!alone && address.keys().isEmpty() && !address.insecure()) {
      throw new IOException(
          "%s is open to other machines, and there are no API keys: give --api-key-file FILE, or"
                  .formatted(address.host())
              + " --insecure if something else keeps strangers out");
    }
  }

  private static Handler crossOrigin(Handler handler, String origin) {
    CrossOriginHandler crossOrigin = new CrossOriginHandler();
    crossOrigin.setAllowedOriginPatterns(Set.of(Pattern.quote(origin)));
    crossOrigin.setAllowedMethods(Set.of("GET", "POST"));
    crossOrigin.setAllowedHeaders(Set.of("Content-Type", "Authorization"));
    crossOrigin.setExposedHeaders(Set.of("Retry-After", "X-Kumiko-Truncated"));
    crossOrigin.setHandler(handler);
    return crossOrigin;
  }

  private ConnectionFactory[] protocols() throws IOException {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    configuration.setRequestHeaderSize(limits.headerBytes());
    configuration.setIdleTimeout(limits.idle().toMillis());
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    if (address.tls().isEmpty()) {
      return new ConnectionFactory[] {http1, new HTTP2CServerConnectionFactory(configuration)};
    }
    PemFiles pem = new PemFiles(address.tls().get());
    renewal = new Ticker("kumiko-certificates", LOOK, pem::refresh);
    SecureRequestCustomizer secure = new SecureRequestCustomizer();
    secure.setSniHostCheck(false); // clients check names; a server that is tunnelled has others
    configuration.addCustomizer(secure);
    ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
    choice.setDefaultProtocol(http1.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(pem.context(), choice.getProtocol()),
      choice,
      new HTTP2ServerConnectionFactory(configuration),
      http1
    };
  }

  /**
   * Listens.
   *
   * @throws IOException if the port is not to be had
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (Exception e) { // as Jetty declares it
      close();
      if (e.getCause() instanceof BindException || e instanceof BindException) {
        throw new IOException(unbound(), e);
      }
      throw new IOException("the server does not start: " + e.getMessage(), e);
    }
  }

  private String unbound() throws IOException {
    InetAddress host = InetAddress.getByName(address.host());
    if (!host.isAnyLocalAddress() && NetworkInterface.getByInetAddress(host) == null) {
      return "%s is no address of this machine; choose one of its own: --host"
          .formatted(address.host());
    }
    return "port %d of %s is in use, or not allowed; choose another: --port"
        .formatted(address.port(), address.host());
  }

  /** {@return where it listens} */
  public URI uri() {
    String scheme = address.tls().isPresent() ? "https" : "http";
    String host = address.host();
    if (host.contains(":") && !host.startsWith("[")) {
      host = "[" + host + "]";
    }
    return URI.create(scheme + "://" + host + ":" + connector.getLocalPort());
  }

  /** Takes no more requests, answers those that were accepted, and ends. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) { // as Jetty declares it
      System.getLogger("dev.kumiko.server")
          .log(System.Logger.Level.WARNING, "The server did not stop cleanly", e);
    }
    gone.close();
    heads.close();
    if (renewal != null) {
      renewal.close();
    }
  }
}
