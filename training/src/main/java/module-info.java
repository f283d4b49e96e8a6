/** Kumiko learns: fine-tuning, distillation and trained token tables. */
// The tools are compiled later; commons-math names its module in the manifest only.
@SuppressWarnings({"module", "requires-automatic"})
module dev.kumiko.training {
  requires commons.math3;
  requires transitive dev.kumiko.engine;

  exports dev.kumiko.train;
  exports dev.kumiko.train.data;
  exports dev.kumiko.train.evaluate;
  exports dev.kumiko.train.lora to
      dev.kumiko.tools;
  exports dev.kumiko.train.loss;
  exports dev.kumiko.train.model to
      dev.kumiko.tools;
  exports dev.kumiko.train.optimize;
  exports dev.kumiko.train.parallel to
      dev.kumiko.tools;
  exports dev.kumiko.train.parameter;
  exports dev.kumiko.train.prune to
      dev.kumiko.tools;
  exports dev.kumiko.train.random;
  exports dev.kumiko.train.run to
      dev.kumiko.tools;
  exports dev.kumiko.train.step to
      dev.kumiko.tools;
  exports dev.kumiko.train.student;
}
