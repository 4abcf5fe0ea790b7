package dev.larder.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Says who this server is, keeps browsers out, and passes everything else on to DynamoDB.
 *
 * <p>A page of any site can make its visitor's browser send requests to 127.0.0.1, and DynamoDB
 * Local checks no signature. Browsers mark such requests with {@code Origin}; SDKs and command line
 * tools never send it.
 */
final class FrontDoor extends Handler.Wrapper {
  private final byte[] token;

  FrontDoor(String token, Handler database) {
    super(database);
    this.token = token.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getHeaders().contains(HttpHeader.ORIGIN)) {
      response.setStatus(HttpStatus.FORBIDDEN_403);
      callback.succeeded();
      return true;
    }
    if (ServerAddress.IDENTITY_PATH.equals(Request.getPathInContext(request))) {
      response.write(true, ByteBuffer.wrap(token), callback);
      return true;
    }
    return super.handle(request, response, callback);
  }
}
