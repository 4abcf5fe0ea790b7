/**
 * What tests of storages, and of programs that use Larder, are built from. Imports Larder's public
 * packages, JUnit and AssertJ; the embedded DynamoDB only where it is on the path.
 */
package dev.larder.testkit;
