package dev.larder.cli;

import java.io.PrintWriter;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes a line for each request when it has been answered, or when that failed. */
final class RequestLog extends Handler.Wrapper {
  private final PrintWriter to;

  RequestLog(Handler handler, PrintWriter to) {
    super(handler);
    this.to = to;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String asked = request.getMethod() + " " + request.getHttpURI().getPathQuery();
    Request.addCompletionListener(
        request,
        failure -> {
          String line =
              asked
                  + " "
                  + response.getStatus()
                  + " "
                  + String.join(", ", response.getHeaders().getValuesList("Cache-Status"));
          to.println(failure == null ? line : line + " broke off: " + Problems.describe(failure));
        });
    return super.handle(request, response, callback);
  }
}
