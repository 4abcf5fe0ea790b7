/** The {@code larder} command. */
@org.jspecify.annotations.NullMarked
module dev.larder.cli {
  requires com.fasterxml.jackson.core;
  requires dev.larder.core;
  requires dev.larder.dynamodb;
  requires dev.larder.embedded;
  requires dev.larder.requestscache;
  requires info.picocli;
  requires java.net.http;
  requires org.eclipse.jetty.client;
  requires org.eclipse.jetty.http;
  requires org.eclipse.jetty.io;
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.util;
  requires static org.jspecify;

  opens dev.larder.cli to
      info.picocli;
}
