/** A real DynamoDB in the process, for tests, examples and the command line. */
@org.jspecify.annotations.NullMarked
module dev.larder.embedded {
  requires transitive software.amazon.awssdk.services.dynamodb;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.awscore;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.apache5;
  requires software.amazon.awssdk.metrics;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.utils;
  requires DynamoDBLocal;
  // Apache's HTTP client needs the first of these, DynamoDB Local the others. Neither has a
  // descriptor that says so, and the JVM resolves no module unless a descriptor names it.
  requires jdk.net;
  requires com.fasterxml.jackson.databind;
  requires com.google.common;
  requires org.apache.commons.lang3;
  requires org.apache.logging.log4j;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.util;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.larder.embedded;
}
