/** Kumiko learns: fine-tuning, distillation and trained token tables. */
module dev.kumiko.training {
  requires transitive dev.kumiko.engine;
  requires org.apache.commons.csv;
  requires tools.jackson.core;

  exports dev.kumiko.train.loss;
  exports dev.kumiko.train.parameter;
  exports dev.kumiko.train.random;
}
