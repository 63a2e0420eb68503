package dev.utsushi.local.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request or a reply of HTTP/1.1 whose body has a Content-Length, or none. That is what the
 * function's HTTP client sends and what the engines reply; anything else is refused.
 */
final class HttpMessage {
  private static final int LONGEST_HEAD = 64 << 10;
  private static final String CONTENT_LENGTH = "content-length:";
  private static final String TRANSFER_ENCODING = "transfer-encoding:";

  private final String head;
  private final byte[] body;

  private HttpMessage(String head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /** Builds a reply of the proxy's own. */
  static HttpMessage reply(int status, String json) {
    byte[] body = json.getBytes(UTF_8);
    String head =
        "HTTP/1.1 %d Fault\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, body.length);
    return new HttpMessage(head, body);
  }

  /** Reads the next message, or null where the stream ends between two. */
  static @Nullable HttpMessage read(InputStream in) throws IOException {
    String head = readHead(in);
    if (head.isEmpty()) {
      return null;
    }
    int length = contentLength(head);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("The body ends before its Content-Length");
    }
    return new HttpMessage(head, body);
  }

  private static String readHead(InputStream in) throws IOException {
    var head = new ByteArrayOutputStream(512);
    int lineLength = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      if (next == '\n' && lineLength == 0) {
        return head.toString(ISO_8859_1);
      }
      lineLength = next == '\n' ? 0 : lineLength + (next == '\r' ? 0 : 1);
      if (head.size() > LONGEST_HEAD) {
        throw new IOException("The head has more than 64 KiB");
      }
    }
    if (head.size() > 0) {
      throw new EOFException("The head is incomplete");
    }
    return "";
  }

  private static int contentLength(String head) throws IOException {
    int length = 0;
    for (String line : head.lines().toList()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith(TRANSFER_ENCODING)) {
        throw new IOException("The proxy supports bodies with a Content-Length only");
      }
      if (lower.startsWith(CONTENT_LENGTH)) {
        length = Integer.parseInt(lower.substring(CONTENT_LENGTH.length()).strip());
      }
    }
    return length;
  }

  /** Returns a word of the first line, counted from zero. */
  String firstLineWord(int index) {
    return head.lines().findFirst().orElseThrow().split(" ", -1)[index];
  }

  String head() {
    return head;
  }

  String text() {
    return new String(body, UTF_8);
  }

  void writeTo(OutputStream out) throws IOException {
    write(out, body.length);
  }

  /** Writes the whole head, which promises more than comes, and half of the body. */
  void writeHalfTo(OutputStream out) throws IOException {
    write(out, body.length / 2);
  }

  private void write(OutputStream out, int bodyBytes) throws IOException {
    out.write(head.getBytes(ISO_8859_1));
    out.write(body, 0, bodyBytes);
    out.flush();
  }
}
