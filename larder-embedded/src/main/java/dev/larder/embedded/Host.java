package dev.larder.embedded;

import java.io.IOException;
import java.net.URI;

/** Knows which server answers for a database now, and finds the next one when it is gone. */
interface Host extends AutoCloseable {

  /**
   * The server to ask.
   *
   * @throws IllegalStateException if this host is closed
   */
  URI endpoint();

  /**
   * The server to ask after the given one failed: the same if it still answers for itself, else its
   * successor, waiting for one and becoming it if need be.
   *
   * @throws IOException if there is none, or the caller was interrupted while waiting
   */
  URI endpointAfter(URI failed) throws IOException;

  @Override
  void close();
}
