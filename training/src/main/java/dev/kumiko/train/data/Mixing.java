package dev.kumiko.train.data;

/**
 * Which of several files the next batch comes from; a batch is never of two files. The names are
 * those of sentence-transformers.
 */
public enum Mixing {
  /**
   * Every batch of every file once an epoch, in random order: a file is drawn as often as it has
   * batches.
   */
  PROPORTIONAL,
  /**
   * One batch of each file in turn, until one file has no more: what the others have left is not
   * used in this epoch.
   */
  ROUND_ROBIN
}
