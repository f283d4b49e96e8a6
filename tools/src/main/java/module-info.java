/** Kumiko's command line. */
module dev.kumiko.tools {
  requires dev.kumiko.engine;
  requires info.picocli;

  exports dev.kumiko.tools;
}
