package dev.larder.embedded;

import org.slf4j.LoggerFactory;

/** Keeps the libraries underneath from writing to the console of the program. */
final class Quiet {
  private static final String SLF4J_VERBOSITY = "slf4j.internal.verbosity";

  private Quiet() {}

  /**
   * Lets SLF4J look for its provider now, without the lines it writes to standard error when there
   * is none; a setting of the user's wins. The property is read once, so it need not stay.
   */
  static synchronized void slf4j() {
    if (System.getProperty(SLF4J_VERBOSITY) != null) {
      return;
    }
    System.setProperty(SLF4J_VERBOSITY, "ERROR");
    try {
      LoggerFactory.getILoggerFactory();
    } finally {
      System.clearProperty(SLF4J_VERBOSITY);
    }
  }
}
