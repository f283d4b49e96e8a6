/** Kumiko's command line. */
// protobuf-java names its module in the manifest only.
@SuppressWarnings("requires-automatic")
module dev.kumiko.tools {
  requires com.google.protobuf;
  requires commons.math3;
  requires dev.kumiko.engine;
  requires dev.kumiko.format;
  requires info.picocli;

  exports dev.kumiko.tools;
}
