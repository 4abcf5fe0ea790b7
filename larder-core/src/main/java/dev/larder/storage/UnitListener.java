package dev.larder.storage;

/**
 * Is told what each request of a storage has consumed, before the operation it belongs to goes on.
 * It may wait, and so slow the operation down. Called from several threads.
 */
@FunctionalInterface
public interface UnitListener {
  /**
   * A request was answered.
   *
   * @param readUnits read capacity units it consumed
   * @param writeUnits write capacity units it consumed
   */
  void consumed(double readUnits, double writeUnits);
}
