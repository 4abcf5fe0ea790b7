package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class EmbeddedDynamoDbTest {

  @Test
  void inMemory_tableAndItem_areReadBack() {
    try (var dynamo = EmbeddedDynamoDb.inMemory()) {
      Tables.create(dynamo.client());
      Tables.put(dynamo.client(), "pear");

      assertThat(Tables.has(dynamo.client(), "pear")).isTrue();
      assertThat(dynamo.client()).isSameAs(dynamo.client());
    }
  }

  @Test
  void inMemory_twoInstances_haveDatabasesOfTheirOwn() {
    try (var one = EmbeddedDynamoDb.inMemory();
        var other = EmbeddedDynamoDb.inMemory()) {
      Tables.create(one.client());

      assertThat(other.client().listTables().tableNames()).isEmpty();
      assertThat(one.endpoint()).isNotEqualTo(other.endpoint());
    }
  }

  @Test
  void configure_clientOfTheCallers_seesTheSameDatabaseAndClosesAlone() {
    try (var dynamo = EmbeddedDynamoDb.inMemory()) {
      Tables.create(dynamo.client());
      try (DynamoDbClient own = dynamo.configure(DynamoDbClient.builder()).build()) {
        assertThat(own.listTables().tableNames()).containsExactly(Tables.WORDS);
      }

      assertThat(dynamo.client().listTables().tableNames()).containsExactly(Tables.WORDS);
    }
  }

  @Test
  void endpoint_isOnIpv4Loopback() {
    try (var dynamo = EmbeddedDynamoDb.inMemory()) {
      assertThat(dynamo.endpoint().toString()).matches("http://127\\.0\\.0\\.1:[0-9]+");
    }
  }

  /**
   * A socket on every interface would take the connection on another of this machine's addresses.
   */
  @Test
  void inMemory_otherAddressesOfThisMachine_refuseConnections() throws IOException {
    List<InetAddress> others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.getHostAddress().equals("127.0.0.1"))
            .toList();
    try (var dynamo = EmbeddedDynamoDb.inMemory()) {
      int port = dynamo.endpoint().getPort();
      for (InetAddress other : others) {
        assertThatThrownBy(() -> connect(other, port))
            .as("connection to %s", other)
            .isInstanceOf(ConnectException.class);
      }
      // Linux has all of 127/8 on its loopback interface: true on a machine with no network, too.
      assertThatThrownBy(() -> connect(Inet4Address.getByName("127.0.0.2"), port))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void request_fromAWebPage_isRefused() throws IOException {
    try (var dynamo = EmbeddedDynamoDb.inMemory();
        var socket = new Socket(InetAddress.getLoopbackAddress(), dynamo.endpoint().getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.0\r\nOrigin: https://example.org\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void close_twice_freesThePortOnce() throws IOException {
    var dynamo = EmbeddedDynamoDb.inMemory();
    int port = dynamo.endpoint().getPort();

    dynamo.close();
    dynamo.close();

    try (var again = new ServerSocket()) {
      again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void endpoint_afterClose_saysThatItIsClosed() {
    var dynamo = EmbeddedDynamoDb.inMemory();
    dynamo.close();

    assertThatThrownBy(dynamo::endpoint)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void close_threadsOfDynamoDbLocal_haveEnded() {
    EmbeddedDynamoDb.inMemory().close();

    assertThat(Threads.in(ExitWatch.GROUP)).filteredOn(thread -> !thread.isDaemon()).isEmpty();
  }

  private static void connect(InetAddress address, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2000);
    }
  }
}
