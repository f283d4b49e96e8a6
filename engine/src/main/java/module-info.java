/** The Kumiko engine: text in, vectors out. */
@SuppressWarnings("module") // The tools are compiled later.
module dev.kumiko.engine {
  requires transitive dev.kumiko.format;

  exports dev.kumiko;
  exports dev.kumiko.chunk;
  exports dev.kumiko.search;
  exports dev.kumiko.encode to
      dev.kumiko.tools,
      dev.kumiko.training;
  exports dev.kumiko.kernel to
      dev.kumiko.machine,
      dev.kumiko.tools,
      dev.kumiko.training;
  exports dev.kumiko.table to
      dev.kumiko.tools,
      dev.kumiko.training;
  exports dev.kumiko.tokenize to
      dev.kumiko.tools,
      dev.kumiko.training;

  uses dev.kumiko.DefaultModelProvider;
  uses dev.kumiko.kernel.KernelLevel;
}
