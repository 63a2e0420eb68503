package dev.utsushi.bench;

import dev.utsushi.core.search.HttpCaller;
import dev.utsushi.core.search.HttpCaller.HttpCall;
import dev.utsushi.core.search.HttpCaller.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;

/** The JDK's first client. */
final class UrlConnectionCaller implements HttpCaller {

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
    connection.setRequestMethod(call.method());
    connection.setReadTimeout((int) call.timeout().toMillis());
    call.headers().forEach(connection::setRequestProperty);
    if (call.body().length > 0) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(call.body().length);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(call.body());
      }
    }
    int status = connection.getResponseCode();
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new HttpReply(status, body == null ? new byte[0] : body.readAllBytes());
    }
  }
}
