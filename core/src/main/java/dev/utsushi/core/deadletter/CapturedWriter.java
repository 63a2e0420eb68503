package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into messages that SQS takes: as many to a message as fit, packed when they are
 * large.
 */
public final class CapturedWriter {
  /**
   * SQS's limit is <a
   * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">1
   * MiB</a>, attributes included.
   */
  private static final int LARGEST_MESSAGE_BYTES = 1_000_000;

  /** What SQS bills as one request; an operator can read so much as it is. */
  private static final int LARGEST_PLAIN_BYTES = 64 << 10;

  /** So that one message, unpacked, is a modest part of a function's memory. */
  private static final int MOST_CHARS = 4 << 20;

  private final Failure failure;
  private final Instant capturedAt;
  private final @Nullable String reason;

  /**
   * A writer of messages about this failure.
   *
   * @param reason why a second chance did not settle the records; null if there was none
   */
  public CapturedWriter(Failure failure, Instant capturedAt, @Nullable String reason) {
    this.failure = failure;
    this.capturedAt = capturedAt;
    this.reason = reason;
  }

  /**
   * The bodies of the messages that hold these records.
   *
   * @return nothing if a record is too large for any message
   */
  public List<String> write(List<String> records) {
    List<List<String>> parts = new ArrayList<>();
    if (!divide(records, parts)) {
      return List.of();
    }
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      bodies.add(body(parts.get(i), i + 1, parts.size()));
    }
    return bodies;
  }

  private boolean divide(List<String> records, List<List<String>> parts) {
    int most = Integer.MAX_VALUE;
    if (fits(records) && bytes(body(records, most, most)) <= LARGEST_MESSAGE_BYTES) {
      return parts.add(records);
    }
    int half = records.size() / 2;
    return half > 0
        && divide(records.subList(0, half), parts)
        && divide(records.subList(half, records.size()), parts);
  }

  private static boolean fits(List<String> records) {
    return records.size() == 1 || records.stream().mapToLong(String::length).sum() <= MOST_CHARS;
  }

  private String body(List<String> records, int part, int parts) {
    String plain = body(records, part, parts, false);
    return bytes(plain) <= LARGEST_PLAIN_BYTES && isAllowed(plain)
        ? plain
        : body(records, part, parts, true);
  }

  private String body(List<String> records, int part, int parts, boolean packed) {
    String array = '[' + String.join(",", records) + ']';
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField(CapturedMessage.MARK, CapturedMessage.VERSION);
          json.writeStringField("capturedAt", capturedAt.toString());
          json.writeNumberField("part", part);
          json.writeNumberField("parts", parts);
          json.writeFieldName("failure");
          json.writeRawValue(failure.json());
          if (reason != null) {
            json.writeStringField("reason", reason);
          }
          if (packed) {
            json.writeStringField("recordsGzip", pack(array));
          } else {
            json.writeFieldName("records");
            json.writeRawValue(array);
          }
          json.writeEndObject();
        });
  }

  private static String pack(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Memory can be written to.", e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }

  /** SQS takes the characters of XML 1.0; below the space JSON writes escapes anyway. */
  private static boolean isAllowed(String text) {
    return text.codePoints()
        .noneMatch(c -> c == 0xFFFE || c == 0xFFFF || (c >= 0xD800 && c <= 0xDFFF));
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
