package dev.utsushi.core.deadletter;

import dev.utsushi.core.json.RawJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The form in which records are parked, so that they outlive the stream's 24 hours. */
final class CapturedMessage {
  static final String MARK = "utsushi";
  static final String VERSION = "captured/1";

  /** No message that was written here unpacks to more: not every message was written here. */
  private static final int MOST_UNPACKED_BYTES = 64 << 20;

  private CapturedMessage() {}

  /**
   * @throws IllegalArgumentException with what is wrong with it
   */
  static DeadLetter.Captured read(RawJson message) {
    if (!message.field(MARK).text("").equals(VERSION)) {
      throw new IllegalArgumentException("it was written by another Utsushi: update this one");
    }
    return new DeadLetter.Captured(
        Failure.read(message.field("failure")),
        capturedAt(message),
        (int) message.field("part").number(1),
        (int) message.field("parts").number(1),
        reason(message.field("reason")),
        records(message));
  }

  private static @Nullable String reason(RawJson reason) {
    return reason.isNull() ? null : reason.requireText("'reason'");
  }

  private static Instant capturedAt(RawJson message) {
    try {
      return Instant.parse(message.field("capturedAt").requireText("'capturedAt'"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'capturedAt' is not a time", e);
    }
  }

  private static List<String> records(RawJson message) {
    RawJson packed = message.field("recordsGzip");
    RawJson records =
        packed.isNull() ? message.field("records") : RawJson.parse(unpack(packed.text("")));
    List<String> elements = records.elements().stream().map(RawJson::text).toList();
    if (elements.isEmpty()) {
      throw new IllegalArgumentException("it holds no records");
    }
    return elements;
  }

  private static String unpack(String packed) {
    byte[] bytes = Base64.getDecoder().decode(packed);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] unpacked = in.readNBytes(MOST_UNPACKED_BYTES);
      if (in.read() >= 0) {
        throw new IllegalArgumentException("'recordsGzip' is too large");
      }
      return new String(unpacked, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("'recordsGzip' can't be unpacked", e);
    }
  }
}
