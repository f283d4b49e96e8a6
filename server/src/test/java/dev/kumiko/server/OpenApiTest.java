package dev.kumiko.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kumiko.format.Json;
import dev.kumiko.server.http.Route;
import dev.kumiko.server.metrics.ServerMetrics;
import dev.kumiko.server.model.ModelCatalog;
import dev.kumiko.server.status.StatusRoutes;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description at {@code /openapi.json}, beside what the server does. */
class OpenApiTest {
  private static ServerFixture server;
  private static Json description;

  @BeforeAll
  static void start() throws Exception {
    server = ServerFixture.start();
    description = Asker.json(server.asker().get("/openapi.json"));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void itHasTheRoutesThatThereAre() throws IOException {
    Set<String> described = new TreeSet<>();
    for (Map.Entry<String, Json> path : description.get("paths").members().entrySet()) {
      for (String method : path.getValue().members().keySet()) {
        described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
      }
    }
    Set<String> served = new TreeSet<>();
    ServerSettings settings = ServerFixture.settings(new ServerFixture.Options());
    try (ModelCatalog models = new ModelCatalog()) {
      for (Route route :
          EmbeddingServer.routes(settings, models, new StatusRoutes(new ServerMetrics()))) {
        if (!route.path().startsWith("/page/")) { // files of the page
          served.add(route.method() + " " + route.path());
        }
      }
    }
    assertEquals(served, described);
  }

  /** A field that does not exist is refused, and the answer says which there are. */
  @Test
  void itHasTheFieldsThatAreTaken() throws Exception {
    int checked = 0;
    for (Map.Entry<String, Json> path : description.get("paths").members().entrySet()) {
      if (path.getValue().find("post").isEmpty()) {
        continue;
      }
      for (Json schema : bodies(path.getValue().get("post"))) {
        Set<String> fields = schema.get("properties").members().keySet();
        String known = fields.contains("documents") ? "\"documents\": [\"a\"], " : "";
        String answer =
            server.asker().post(path.getKey(), "{" + known + "\"no such field\": 1}").body();
        String list = new TreeSet<>(fields).toString();
        assertTrue(answer.contains(list), path.getKey() + ": " + answer + " has not " + list);
        for (Json required : schema.get("required").items()) {
          assertTrue(fields.contains(required.asString()), required::toString);
        }
        checked++;
      }
    }
    assertEquals(10, checked);
  }

  /** Nothing is referred to that is not there, and nothing is there that nobody refers to. */
  @Test
  void itsSchemasAreThoseReferredTo() throws Exception {
    Set<String> there = description.get("components").get("schemas").members().keySet();
    String text = server.asker().get("/openapi.json").body();
    Set<String> referred = new LinkedHashSet<>();
    String prefix = "#/components/schemas/";
    for (int at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
      referred.add(text.substring(at + prefix.length(), text.indexOf('"', at)));
    }
    assertEquals(new TreeSet<>(there), new TreeSet<>(referred));
  }

  private static List<Json> bodies(Json operation) throws IOException {
    Json schema = operation.get("requestBody").get("content").get("application/json").get("schema");
    return schema.find("oneOf").isPresent()
        ? List.of(
            resolve(schema.get("oneOf").items().get(0)),
            resolve(schema.get("oneOf").items().get(1)))
        : List.of(resolve(schema));
  }

  private static Json resolve(Json schema) throws IOException {
    String reference = schema.get("$ref").asString();
    String name = reference.substring(reference.lastIndexOf('/') + 1);
    return description.get("components").get("schemas").get(name);
  }
}
