/** The Kumiko engine: text in, vectors out. */
module dev.kumiko.engine {
  requires transitive dev.kumiko.format;
  requires static jdk.incubator.vector;

  exports dev.kumiko;
}
