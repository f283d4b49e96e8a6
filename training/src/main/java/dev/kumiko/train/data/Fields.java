package dev.kumiko.train.data;

/** The values of one record. Every exception names the file and the line. */
interface Fields {
  /** Returns a value that is text. */
  String text(Column column) throws DataException;

  /** Returns a value that is a number, not necessarily finite. */
  double number(Column column) throws DataException;

  /** Returns a value that is text or a whole number. */
  String label(Column column) throws DataException;
}
