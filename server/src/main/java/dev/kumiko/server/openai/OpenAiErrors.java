package dev.kumiko.server.openai;

import dev.kumiko.server.http.ApiException;
import dev.kumiko.server.http.ErrorShape;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** OpenAI's errors: {@code {"error": {"message", "type", "param", "code"}}}, all always there. */
public enum OpenAiErrors implements ErrorShape {
  /** The one shape. */
  SHAPE;

  @Override
  public void write(ApiException error, JsonGenerator json) {
    json.writeStartObject();
    json.writeObjectPropertyStart("error");
    json.writeStringProperty("message", error.getMessage());
    json.writeStringProperty("type", type(error));
    Optional<String> field = error.field();
    json.writeName("param");
    if (field.isPresent()) {
      json.writeString(field.get());
    } else {
      json.writeNull();
    }
    json.writeName("code");
    Optional<String> code = code(error);
    if (code.isPresent()) {
      json.writeString(code.get());
    } else {
      json.writeNull();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String type(ApiException error) {
    return switch (error.fault()) {
      case FAILED, UNAVAILABLE, MODEL_CHANGED -> "server_error";
      case BUSY -> "requests";
      default -> "invalid_request_error";
    };
  }

  private static Optional<String> code(ApiException error) {
    return switch (error.fault()) {
      case UNAUTHORIZED -> Optional.of("invalid_api_key");
      case NO_MODEL -> Optional.of("model_not_found");
      case BUSY -> Optional.of("rate_limit_exceeded");
      case TOO_LONG -> Optional.of("context_length_exceeded");
      default -> Optional.empty();
    };
  }
}
