package dev.kumiko.server.http;

import tools.jackson.core.JsonGenerator;

/** How errors are told that belong to no API. */
public enum CommonErrors implements ErrorShape {
  /** {@code {"error": "..."}}. */
  SHAPE;

  static final String LITTLE_MEMORY =
      "the server has too little memory for this request; send less at once";

  @Override
  public void write(ApiException error, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("error", error.getMessage());
    json.writeEndObject();
  }
}
