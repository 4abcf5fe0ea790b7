/**
 * The contract suite for {@link dev.larder.storage.ResponseStorage}s, an HTTP origin that answers
 * by script, and a clock that tests set. Imports core; the suite needs JUnit and AssertJ, the rest
 * does not.
 */
package dev.larder.testkit;
