/** Kumiko's command line and its converter. */
// These libraries name their modules in the manifest only.
@SuppressWarnings("requires-automatic")
module dev.kumiko.tools {
  requires com.google.protobuf;
  requires commons.math3;
  requires dev.kumiko.engine;
  requires dev.kumiko.format;
  requires dev.kumiko.machine;
  requires dev.kumiko.server;
  requires dev.kumiko.training;
  requires info.picocli;
  requires java.desktop;
  requires xchart;

  exports dev.kumiko.tools;
  exports dev.kumiko.tools.chart;

  opens dev.kumiko.tools to
      info.picocli;
}
