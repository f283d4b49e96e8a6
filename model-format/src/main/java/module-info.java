/** Reads and writes Kumiko's model file, a valid safetensors file that holds the whole model. */
module dev.kumiko.format {
  requires tools.jackson.core;

  exports dev.kumiko.format;
}
