package dev.utsushi.core.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
   * What a message of a schedule says: {@code {"start":"VERIFY"}}, and for a verification also
   * {@code "repair":true}.
   */
  public record Start(Kind kind, boolean repair) {

    /** Parses the body of a message; empty if it is another one. */
    public static Optional<Start> parse(String body) {
      try {
        JsonNode json = JSON.readTree(body);
        boolean repair = json.path("repair").booleanValue();
        return switch (json.path("start").asText()) {
          case "VERIFY" -> Optional.of(new Start(Kind.VERIFY, repair));
          case "PURGE" -> Optional.of(new Start(Kind.PURGE, false));
          default -> Optional.empty();
        };
      } catch (JsonProcessingException e) {
        return Optional.empty();
      }
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
