package dev.kumiko.server.cohere;

import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.ErrorShape;
import tools.jackson.core.JsonGenerator;

/** Cohere's errors: {@code {"message"}}; Jina's clients read {@code detail}. */
public enum CohereErrors implements ErrorShape {
  /** The one shape. */
  SHAPE;

  @Override
  public void write(ApiException error, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("message", error.getMessage());
    json.writeStringProperty("detail", error.getMessage());
    json.writeEndObject();
  }
}
