/** Searches a text. */
module dev.kumiko.examples.plainjava {
  requires dev.kumiko.allminilm;
}
