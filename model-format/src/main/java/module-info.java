/** Reads and writes Kumiko's model file, a valid safetensors file that holds the whole model. */
@SuppressWarnings("module") // What may see the rest is compiled later.
module dev.kumiko.format {
  requires tools.jackson.core;

  exports dev.kumiko.model;
  exports dev.kumiko.format to
      dev.kumiko.engine,
      dev.kumiko.machine,
      dev.kumiko.server,
      dev.kumiko.tools,
      dev.kumiko.training;
  exports dev.kumiko.format.text to
      dev.kumiko.engine,
      dev.kumiko.tools,
      dev.kumiko.training;
}
