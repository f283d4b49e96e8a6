/** Kumiko's server: embeddings and rerankings over HTTP. */
// Micrometer names its modules in the manifest only.
@SuppressWarnings("requires-automatic")
module dev.kumiko.server {
  requires dev.kumiko.engine;
  requires dev.kumiko.format;
  requires transitive info.picocli;
  requires java.logging;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires org.eclipse.jetty.alpn.server;
  requires org.eclipse.jetty.http2.server;
  requires org.eclipse.jetty.server;
  requires tools.jackson.core;

  exports dev.kumiko.server;
}
