package dev.kumiko;

import java.io.IOException;
import java.net.URL;

/**
 * A model that {@link EmbedderBuilder#loadDefault} loads because its JAR is there. An application
 * needs no such class; whoever packs a model of their own into a JAR writes one, and names it in
 * {@code META-INF/services/dev.kumiko.DefaultModelProvider} for the class path and in the module's
 * {@code provides} for the module path:
 *
 * <pre>{@code
 * public final class RoofModel implements DefaultModelProvider {
 *   public String name() {
 *     return "roof";
 *   }
 *
 *   public URL model() {
 *     return RoofModel.class.getResource("/META-INF/kumiko/roof.safetensors");
 *   }
 * }
 * }</pre>
 *
 * <p>The class is public and has a public constructor without parameters. No two models on a class
 * path may share the name of the resource. Stored uncompressed in the JAR, the model is mapped
 * where it lies instead of being copied into memory.
 */
public interface DefaultModelProvider {
  /** {@return the model's name for messages, such as {@code "all-MiniLM-L6-v2"}} */
  String name();

  /** {@return where the model lies, or null if it is missing} */
  URL model();

  /**
   * Returns the provider of the model that {@link EmbedderBuilder#loadDefault} loads. Providers are
   * looked for from the thread's context class loader, then from the engine's own and its module
   * layer.
   *
   * @return the only one
   * @throws IOException if there is none, there are several models, or a provider fails
   */
  static DefaultModelProvider find() throws IOException {
    return DefaultModel.find().provider();
  }
}
