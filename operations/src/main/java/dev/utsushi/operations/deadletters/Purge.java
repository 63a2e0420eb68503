package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/**
 * Exports messages to a file and deletes them. Each batch is on disk before it is deleted: whatever
 * interrupts a purge, a message is in the queue, in the file, or in both.
 */
public record Purge(OperatedQueue queue) {

  /**
   * The JSON of {@code dlq purge}.
   *
   * @param left how many messages should have been deleted and were not
   * @param export the file; null if there was nothing to purge
   */
  public record Result(
      @JsonUnwrapped DeployedStream stream,
      Instant at,
      long deleted,
      long left,
      @Nullable String export) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Attribute(
      String dataType, @Nullable String stringValue, @Nullable ByteBuffer binaryValue) {
    static Attribute of(MessageAttributeValue value) {
      SdkBytes bytes = value.binaryValue();
      return new Attribute(
          value.dataType(), value.stringValue(), bytes == null ? null : bytes.asByteBuffer());
    }
  }

  /**
   * Selects the messages to purge.
   *
   * @param prefixes the beginnings of their ids; without any, all
   * @param olderThan the least age
   * @throws OperationException if no id begins with a prefix, or several do
   */
  public static List<MessageView> select(
      DeadLetterListing listing, List<String> prefixes, Duration olderThan) {
    for (String prefix : prefixes) {
      int matches = listing.matching(List.of(prefix)).size();
      if (matches > 1) {
        throw OperationException.usage(
            "%s begins the ids of %,d messages: give more of the id".formatted(prefix, matches));
      }
    }
    Instant latest = listing.at().minus(olderThan);
    return listing.matching(prefixes).stream()
        .filter(message -> !message.failedAt().isAfter(latest))
        .toList();
  }

  /** Returns the ids of messages and of their duplicates, which would otherwise replace them. */
  public static Set<String> ids(List<MessageView> messages) {
    return messages.stream()
        .flatMap(MessageView::ids)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Result result(int deleted, int left, @Nullable Path file) {
    return new Result(
        queue.stream(),
        Instant.now(),
        deleted,
        left,
        file == null ? null : file.toAbsolutePath().toString());
  }

  /**
   * Exports and deletes messages. It receives others as well, and releases them. Without messages
   * it does nothing.
   *
   * @param file a new file; it holds items, so only its owner may read it
   * @throws OperationException if the file exists, or something can't be written or deleted
   */
  public Result run(Set<String> messageIds, Path file) {
    if (messageIds.isEmpty()) {
      return result(0, 0, null);
    }
    Set<String> left = new HashSet<>(messageIds);
    Map<String, Message> held = new LinkedHashMap<>();
    try (FileChannel export = create(file)) {
      long end = OperatedQueue.endOfReceiving();
      while (!left.isEmpty() && System.nanoTime() < end) {
        List<Message> received = queue.receive(DeadLetterQueue.MOST_AT_ONCE);
        if (received.isEmpty()) {
          break;
        }
        received.forEach(each -> held.put(each.messageId(), each));
        List<Message> selected =
            received.stream().filter(each -> left.contains(each.messageId())).toList();
        if (!selected.isEmpty()) {
          export(selected, file, export);
          var notDeleted = queue.delete(selected);
          List<String> deleted =
              selected.stream()
                  .map(Message::messageId)
                  .filter(id -> !notDeleted.containsKey(id))
                  .toList();
          deleted.forEach(held::remove);
          deleted.forEach(left::remove);
        }
        int done = messageIds.size() - left.size();
        queue.progress().status("deleted %,d of %,d messages".formatted(done, messageIds.size()));
      }
    } catch (IOException e) {
      throw OperationException.failed("can't close %s: %s".formatted(file, e), e);
    } finally {
      queue.release(held.values());
    }
    return result(messageIds.size() - left.size(), left.size(), file);
  }

  private static FileChannel create(Path file) {
    try {
      return FileChannel.open(
          file,
          Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw OperationException.usage(file + " exists already: give another --export", e);
    } catch (IOException e) {
      throw OperationException.failed("can't write %s: %s".formatted(file, e), e);
    }
  }

  private void export(List<Message> messages, Path file, FileChannel export) {
    String lines =
        messages.stream()
            .map(each -> DeadLetterJson.write(exported(each)) + '\n')
            .collect(Collectors.joining());
    try {
      Channels.newOutputStream(export).write(lines.getBytes(StandardCharsets.UTF_8));
      export.force(true);
    } catch (IOException e) {
      throw OperationException.failed(
          "can't write %s (%s): nothing more is deleted".formatted(file, e), e);
    }
  }

  private Map<String, Object> exported(Message message) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    message.messageAttributes().forEach((name, value) -> attributes.put(name, Attribute.of(value)));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("messageId", message.messageId());
    line.put("queueUrl", queue.stream().queueUrl());
    line.put("exportedAt", Instant.now().toString());
    line.put("body", message.body());
    line.put("attributes", message.attributesAsStrings());
    line.put("messageAttributes", attributes);
    return line;
  }
}
