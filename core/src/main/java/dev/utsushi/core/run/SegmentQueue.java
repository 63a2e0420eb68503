package dev.utsushi.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.run.Run.Kind;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Gatherers;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * The SQS queue whose messages wake the workers: one for each segment. A message may be lost or
 * doubled, because the table of runs has the truth.
 */
public record SegmentQueue(SqsClient sqs, String url) {
  private static final int MOST_AT_ONCE = 10;
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Creates the queue with this URL, for the function's own role and region. */
  public static SegmentQueue at(String url) {
    return new SegmentQueue(
        SqsClient.builder().httpClient(UrlConnectionHttpClient.create()).build(), url);
  }

  /**
   * What a message of a schedule says: {@code {"start":"PURGE"}} or {@code {"start":"VERIFY"}},
   * which may also have the other fields.
   *
   * @param sample the share of the table to compare, up to 1
   * @param readCapacity the most read capacity units a second of all workers; 0 for no limit
   * @param waits how often it has waited for the end of another run
   */
  public record Start(Kind kind, boolean repair, double sample, double readCapacity, int waits) {
    /** How long it waits for the end of another run. */
    public static final Duration WAIT = LONGEST_DELAY;

    private static final int MOST_WAITS = (int) Duration.ofDays(1).dividedBy(WAIT);

    /** Returns the start of a verification. */
    public static Start verify(boolean repair, double sample, double readCapacity) {
      return new Start(Kind.VERIFY, repair, sample, readCapacity, 0);
    }

    /** Returns the start of a purge. */
    public static Start purge() {
      return new Start(Kind.PURGE, false, 1, 0, 0);
    }

    /** Parses the body of a message; empty if it is another one. */
    public static Optional<Start> parse(String body) {
      try {
        JsonNode json = JSON.readTree(body);
        String kind = json.path("start").asText();
        return kind.equals("VERIFY") || kind.equals("PURGE")
            ? Optional.of(
                new Start(
                    Kind.valueOf(kind),
                    json.path("repair").booleanValue(),
                    json.path("sample").asDouble(1),
                    json.path("readCapacity").asDouble(),
                    json.path("waits").asInt()))
            : Optional.empty();
      } catch (JsonProcessingException e) {
        return Optional.empty();
      }
    }

    /** Returns what to send for another wait; empty after a day of waits. */
    public Optional<Start> waited() {
      return waits < MOST_WAITS
          ? Optional.of(new Start(kind, repair, sample, readCapacity, waits + 1))
          : Optional.empty();
    }

    /** Returns the body of a message. */
    public String toJson() {
      ObjectNode json = JSON.createObjectNode().put("start", kind.name());
      if (kind == Kind.VERIFY) {
        json.put("repair", repair).put("sample", sample).put("readCapacity", readCapacity);
      }
      return (waits > 0 ? json.put("waits", waits) : json).toString();
    }
  }

  /** What a message about a segment says. */
  public record Task(String run, int segment) {

    /**
     * Parses the body of a message.
     *
     * @throws IllegalArgumentException if it is no such message
     */
    public static Task parse(String body) {
      try {
        JsonNode json = JSON.readTree(body);
        if (json.path("run").isTextual() && json.path("segment").isInt()) {
          return new Task(json.path("run").textValue(), json.path("segment").intValue());
        }
      } catch (JsonProcessingException e) {
        // The same as other JSON.
      }
      throw new IllegalArgumentException("not a message about a segment");
    }

    String toJson() {
      try {
        return JSON.writeValueAsString(Map.of("run", run, "segment", segment));
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Sends the message of a schedule again. */
  public void send(Start start, Duration delay) {
    sqs.sendMessage(
        send ->
            send.queueUrl(url).messageBody(start.toJson()).delaySeconds((int) delay.toSeconds()));
  }

  /** Sends messages; they are in the queue when this returns. */
  public void send(List<Task> tasks, Duration delay) {
    int seconds = (int) (delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY).toSeconds();
    tasks.stream()
        .gather(Gatherers.windowFixed(MOST_AT_ONCE))
        .forEach(batch -> sendBatch(batch, seconds));
  }

  private void sendBatch(List<Task> tasks, int delaySeconds) {
    var entries =
        tasks.stream()
            .map(
                task ->
                    SendMessageBatchRequestEntry.builder()
                        .id(Integer.toString(task.segment()))
                        .messageBody(task.toJson())
                        .delaySeconds(delaySeconds)
                        .build())
            .toList();
    var failed = sqs.sendMessageBatch(send -> send.queueUrl(url).entries(entries)).failed();
    if (!failed.isEmpty()) {
      throw SdkClientException.create(
          "SQS did not take %d of %d messages: %s"
              .formatted(failed.size(), tasks.size(), failed.getFirst().code()));
    }
  }
}
