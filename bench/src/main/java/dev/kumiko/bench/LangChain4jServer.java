package dev.kumiko.bench;

import dev.kumiko.format.Json;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What a team would write first: LangChain4j's native in-process model behind a route of Jetty, a
 * platform thread for each request. Answers {@code /v1/embeddings} with one text, and {@code
 * /health/live}.
 */
final class LangChain4jServer extends Handler.Abstract {
  private final EmbeddingModel model;

  private LangChain4jServer(EmbeddingModel model) {
    this.model = model;
  }

  /** Takes {@code fp32} or {@code int8}, {@code --port} and the port. */
  public static void main(String[] args) throws Exception {
    Server server = new Server(new QueuedThreadPool(300));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(args[2]));
    connector.setAcceptQueueSize(1024);
    server.addConnector(connector);
    EmbeddingModel model =
        args[0].equals("fp32")
            ? new AllMiniLmL6V2EmbeddingModel()
            : new AllMiniLmL6V2QuantizedEmbeddingModel();
    server.setHandler(new LangChain4jServer(model));
    server.start();
    server.join();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String body = "{}";
    if (request.getMethod().equals("POST")) {
      try (InputStream in = Content.Source.asInputStream(request)) {
        body = embed(Json.parse("body", in).get("input").asString());
      }
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(body.getBytes(StandardCharsets.US_ASCII)), callback);
    return true;
  }

  private String embed(String text) {
    float[] vector = model.embed(text).content().vector();
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\""
        + Base64.getEncoder().encodeToString(bytes.array())
        + "\"}],\"model\":\"all-MiniLM-L6-v2\"}";
  }
}
