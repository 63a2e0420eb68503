package dev.utsushi.core.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;

/**
 * The JDK's {@link HttpURLConnection}: the fastest to start, without threads, and without state
 * that would have to survive a checkpoint.
 */
public final class UrlConnectionCaller implements HttpCaller {
  /** How long an idle connection stays open, in seconds; 5 by default. */
  private static final String KEEP_ALIVE_SECONDS = "http.keepAlive.time.server";

  /** Creates a caller that keeps connections open between two changes. */
  public UrlConnectionCaller() {
    System.setProperty(KEEP_ALIVE_SECONDS, "300");
  }

  @Override
  public HttpReply send(HttpCall call) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) call.uri().toURL().openConnection();
    connection.setRequestMethod(call.method());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(millis(call.timeout()));
    connection.setReadTimeout(millis(call.timeout()));
    setHeaders(connection, call.headers());
    if (call.body().length > 0) {
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(call.body().length);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(call.body());
      }
    }
    int status = connection.getResponseCode();
    return new HttpReply(status, body(connection, status));
  }

  private static void setHeaders(HttpURLConnection connection, Map<String, String> headers)
      throws IOException {
    try {
      headers.forEach(connection::setRequestProperty);
    } catch (IllegalArgumentException e) {
      // Not the exception itself: its message quotes the header.
      throw new IOException("a header of the request holds an illegal character");
    }
  }

  private static InputStream body(HttpURLConnection connection, int status) throws IOException {
    InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    return body == null ? InputStream.nullInputStream() : body;
  }

  /** At least one: zero means no limit. */
  private static int millis(Duration timeout) {
    return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
  }
}
