package dev.utsushi.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.core.record.RecordJson;
import dev.utsushi.core.record.StreamRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The message that holds captured records, so that they outlive the stream's 24 hours. Large
 * records are compressed, and divided among several messages.
 */
public final class CapturedMessage {
  static final String MARK = "utsushi";
  private static final String VERSION = "captured/1";

  /**
   * SQS takes <a
   * href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html">1
   * MiB</a>, attributes included.
   */
  private static final int MOST_MESSAGE_BYTES = 1_000_000;

  /** SQS bills this as one request; messages up to this size stay readable for people. */
  private static final int MOST_PLAIN_BYTES = 64 << 10;

  /** Limits the memory that one uncompressed message takes. */
  private static final int MOST_CHARS = 4 << 20;

  /** No message of this class is larger; those of other writers may be. */
  private static final int MOST_UNCOMPRESSED_BYTES = 64 << 20;

  private CapturedMessage() {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Body(
      String utsushi,
      Instant capturedAt,
      int part,
      int parts,
      JsonNode failure,
      @Nullable String reason,
      @Nullable String recordsGzip,
      @JsonRawValue @Nullable String records) {}

  /** What the parts of a batch have in common. */
  private record Batch(JsonNode failure, Instant capturedAt, @Nullable String reason) {

    /** Returns false if a record fits into no message. */
    boolean divide(List<String> records, List<List<String>> parts) {
      int most = Integer.MAX_VALUE;
      if (fits(records) && bytes(body(records, most, most)) <= MOST_MESSAGE_BYTES) {
        return parts.add(records);
      }
      int half = records.size() / 2;
      return half > 0
          && divide(records.subList(0, half), parts)
          && divide(records.subList(half, records.size()), parts);
    }

    String body(List<String> records, int part, int parts) {
      String array = '[' + String.join(",", records) + ']';
      String plain = body(part, parts, null, array);
      return bytes(plain) <= MOST_PLAIN_BYTES && isAllowed(plain)
          ? plain
          : body(part, parts, compress(array), null);
    }

    private String body(int part, int parts, @Nullable String gzip, @Nullable String plain) {
      return DeadLetterJson.write(
          new Body(VERSION, capturedAt, part, parts, failure, reason, gzip, plain));
    }
  }

  /**
   * Writes the bodies of the messages that hold these records.
   *
   * @param reason why the records failed; null if that is unknown
   * @return nothing if a record is too large for a message
   */
  public static List<String> write(
      DeadLetter.Failure failure,
      Instant capturedAt,
      @Nullable String reason,
      List<StreamRecord> records) {
    var batch = new Batch(failure.json(), capturedAt, reason);
    List<List<String>> parts = new ArrayList<>();
    if (!batch.divide(records.stream().map(RecordJson::write).toList(), parts)) {
      return List.of();
    }
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      bodies.add(batch.body(parts.get(i), i + 1, parts.size()));
    }
    return bodies;
  }

  private static boolean fits(List<String> records) {
    return records.size() == 1 || records.stream().mapToLong(String::length).sum() <= MOST_CHARS;
  }

  private static String compress(String text) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(compressed.toByteArray());
  }

  /** SQS takes the characters of XML 1.0; below the space JSON writes escapes anyway. */
  private static boolean isAllowed(String text) {
    return text.codePoints()
        .noneMatch(c -> c == 0xFFFE || c == 0xFFFF || (c >= 0xD800 && c <= 0xDFFF));
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  static DeadLetter.Captured parse(JsonNode message) {
    if (!message.path(MARK).asText().equals(VERSION)) {
      throw new IllegalArgumentException("another version of Utsushi wrote it: update this one");
    }
    List<StreamRecord> records = new ArrayList<>();
    records(message).forEach(each -> records.add(RecordJson.read(each.toString())));
    if (records.isEmpty()) {
      throw new IllegalArgumentException("it holds no records");
    }
    var failure = DeadLetter.Failure.parse(message.path("failure"));
    if (!records.stream()
        .allMatch(each -> failure.range().mayHold(each.streamArn(), each.sequenceNumber()))) {
      throw new IllegalArgumentException("it holds a record that its batch does not have");
    }
    return new DeadLetter.Captured(
        failure,
        DeadLetterJson.time(message, "capturedAt"),
        message.path("part").asInt(1),
        message.path("parts").asInt(1),
        message.path("reason").textValue(),
        records);
  }

  private static JsonNode records(JsonNode message) {
    String compressed = message.path("recordsGzip").textValue();
    return compressed == null
        ? message.path("records")
        : DeadLetterJson.parse(uncompress(compressed));
  }

  private static String uncompress(String compressed) {
    byte[] bytes = Base64.getDecoder().decode(compressed);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      byte[] uncompressed = in.readNBytes(MOST_UNCOMPRESSED_BYTES);
      if (in.read() >= 0) {
        throw new IllegalArgumentException("'recordsGzip' is too large");
      }
      return new String(uncompressed, UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("'recordsGzip' can't be uncompressed", e);
    }
  }
}
