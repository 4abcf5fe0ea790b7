package dev.larder.jdk;

import java.io.IOException;
import java.io.InputStream;

/** Where a stored body goes on that could not be read to its end. */
@FunctionalInterface
interface Rest {
  /** Nowhere: the failure is for the reader. */
  Rest NONE =
      (delivered, failure) -> {
        throw failure;
      };

  /**
   * All remaining bytes; an end before the last of them is an error of the stream's. Waits for the
   * origin.
   *
   * @param delivered how many bytes have been read
   * @param failure why there are not more, thrown if there is nothing to go on with
   */
  InputStream after(long delivered, IOException failure) throws IOException;
}
