package dev.kumiko.server.page;

import dev.kumiko.server.http.Answer;
import dev.kumiko.server.http.CommonErrors;
import dev.kumiko.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The page at {@code /}: files of this module, and nothing else. */
public final class PageRoutes {
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "style.css", "text/css; charset=utf-8",
          "page.js", SCRIPT,
          "api.js", SCRIPT,
          "curl.js", SCRIPT,
          "dom.js", SCRIPT,
          "figures.js", SCRIPT,
          "heat-map.js", SCRIPT,
          "vectors.js", SCRIPT,
          "icon.svg", "image/svg+xml");

  /** No foreign host, no script in the markup, nobody's frame. */
  private static final String POLICY =
      "default-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

  private PageRoutes() {}

  /** {@return the routes, which need no key: the page asks for one} */
  public static List<Route> all() {
    List<Route> routes = new ArrayList<>();
    new TreeMap<>(TYPES)
        .forEach((name, type) -> routes.add(route("/page/" + name, answer(name, type))));
    routes.add(route("/", answer("index.html", TYPES.get("index.html"))));
    return routes;
  }

  private static Route route(String path, Answer answer) {
    return new Route("GET", path, CommonErrors.SHAPE, true, call -> answer);
  }

  private static Answer answer(String name, String type) {
    try (InputStream in = PageRoutes.class.getResourceAsStream("/dev/kumiko/server/page/" + name)) {
      return Answer.bytes(type, in.readAllBytes())
          .withHeader("Content-Security-Policy", POLICY)
          .withHeader("X-Content-Type-Options", "nosniff")
          .withHeader("Referrer-Policy", "no-referrer")
          .withHeader("Cache-Control", "no-cache");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
