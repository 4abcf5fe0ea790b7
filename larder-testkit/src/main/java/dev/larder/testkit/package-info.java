/**
 * What tests of storages, and of programs that use Larder, are built from: the contract suite for
 * {@link dev.larder.storage.ResponseStorage}s, an embedded DynamoDB by extension, an HTTP origin
 * that answers by script, and a clock that tests set. Imports core; the suite needs JUnit and
 * AssertJ.
 */
package dev.larder.testkit;
