package dev.kumiko.server.tei;

import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.ErrorShape;
import tools.jackson.core.JsonGenerator;

/** The errors of text-embeddings-inference: {@code {"error", "error_type"}}, most with 422. */
public enum TeiErrors implements ErrorShape {
  /** The one shape. */
  SHAPE;

  @Override
  public int status(ApiException error) {
    return switch (error.fault()) {
      case INVALID, TOO_LONG, TOO_MANY -> 422;
      case FAILED -> 424;
      default -> error.fault().status();
    };
  }

  @Override
  public void write(ApiException error, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("error", error.getMessage());
    json.writeStringProperty("error_type", type(error));
    json.writeEndObject();
  }

  private static String type(ApiException error) {
    return switch (error.fault()) {
      case EMPTY -> "Empty";
      case FAILED -> "Backend";
      case BUSY -> "Overloaded";
      case UNAVAILABLE, MODEL_CHANGED -> "Unhealthy";
      default -> "Validation";
    };
  }
}
