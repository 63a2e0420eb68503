package dev.utsushi.operations.deadletters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.deadletter.DeadLetterQueue;
import dev.utsushi.operations.deadletters.DeadLetterListing.Entry;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Exports messages to a file and deletes them. Each batch is on disk before it is deleted: whatever
 * interrupts a purge, a message is in the queue, in the file, or in both.
 */
public final class Purge {
  private final DeadLetterQueue queue;
  private final Progress progress;

  public Purge(AwsClients clients, DeployedStream stream, Progress progress) {
    queue = new DeadLetterQueue(clients.sqs(), stream.queueUrl());
    this.progress = progress;
  }

  /** The messages that were deleted, and those that should have been. */
  public record Result(long deleted, Set<String> left) {}

  /**
   * Selects the messages to purge.
   *
   * @param prefixes the beginnings of their ids; without any, all
   * @param olderThan the least age
   * @throws OperationException if no id begins with a prefix, or several do
   */
  public static List<Entry> select(
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
        .filter(entry -> !entry.failedAt().isAfter(latest))
        .toList();
  }

  /** Returns the ids of messages and of their duplicates, which would be as good as the message. */
  public static Set<String> ids(List<Entry> entries) {
    Set<String> ids = new LinkedHashSet<>();
    for (Entry entry : entries) {
      ids.add(entry.messageId());
      ids.addAll(entry.copies());
    }
    return ids;
  }

  /**
   * Exports and deletes messages. It receives others as well, and releases them.
   *
   * @param file a new file; it holds items, so only its owner may read it
   * @throws OperationException if the file exists, or something can't be written or deleted
   */
  public Result run(Set<String> messageIds, Path file) {
    try (FileChannel export = create(file)) {
      return run(messageIds, file, export);
    } catch (IOException e) {
      throw OperationException.failed("can't close %s: %s".formatted(file, e), e);
    }
  }

  private Result run(Set<String> messageIds, Path file, FileChannel export) {
    Set<String> left = new HashSet<>(messageIds);
    List<Message> held = new ArrayList<>();
    long end = System.nanoTime() + DeadLetterScan.LONGEST.toNanos();
    try {
      while (!left.isEmpty() && System.nanoTime() < end) {
        List<Message> received = DeadLetterScan.receive(queue, DeadLetterQueue.MOST_AT_ONCE);
        if (received.isEmpty()) {
          break;
        }
        held.addAll(received);
        List<Message> selected =
            received.stream().filter(each -> left.contains(each.messageId())).toList();
        if (!selected.isEmpty()) {
          export(selected, file, export);
          Map<String, String> failed =
              AwsErrors.call("sqs:DeleteMessage", () -> queue.delete(selected));
          selected.stream()
              .filter(each -> !failed.containsKey(each.messageId()))
              .forEach(
                  each -> {
                    left.remove(each.messageId());
                    held.remove(each);
                  });
        }
        progress.status(
            "deleted %,d of %,d messages"
                .formatted(messageIds.size() - left.size(), messageIds.size()));
      }
    } finally {
      DeadLetterScan.release(queue, held, progress);
    }
    return new Result(messageIds.size() - left.size(), Set.copyOf(left));
  }

  private static FileChannel create(Path file) {
    boolean posix =
        file.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[] {};
    try {
      return FileChannel.open(
          file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly);
    } catch (FileAlreadyExistsException e) {
      throw OperationException.usage(file + " exists already: give another --export", e);
    } catch (IOException e) {
      throw OperationException.failed("can't write %s: %s".formatted(file, e), e);
    }
  }

  private void export(List<Message> messages, Path file, FileChannel export) {
    Instant now = Instant.now();
    StringBuilder lines = new StringBuilder();
    try {
      for (Message message : messages) {
        lines.append(DeadLetterJson.MAPPER.writeValueAsString(json(message, now))).append('\n');
      }
      ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        export.write(bytes);
      }
      export.force(true);
    } catch (IOException e) {
      throw OperationException.failed(
          "can't write %s (%s): nothing more is deleted".formatted(file, e), e);
    }
  }

  private ObjectNode json(Message message, Instant at) {
    ObjectNode json =
        DeadLetterJson.MAPPER
            .createObjectNode()
            .put("messageId", message.messageId())
            .put("queueUrl", queue.url())
            .put("exportedAt", at.toString())
            .put("body", message.body());
    ObjectNode attributes = json.putObject("attributes");
    message.attributesAsStrings().forEach(attributes::put);
    ObjectNode given = json.putObject("messageAttributes");
    message
        .messageAttributes()
        .forEach(
            (name, value) -> {
              ObjectNode attribute = given.putObject(name).put("dataType", value.dataType());
              if (value.binaryValue() == null) {
                attribute.put("stringValue", value.stringValue());
              } else {
                attribute.put("binaryValue", value.binaryValue().asByteArray());
              }
            });
    return json;
  }
}
