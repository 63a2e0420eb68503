package dev.utsushi.cli.dlq;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A file of messages as they were in the queue, a line of JSON each. It holds items, so only its
 * owner may read it.
 */
final class Export implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path path;
  private final FileChannel file;
  private final String queueUrl;

  private Export(Path path, FileChannel file, String queueUrl) {
    this.path = path;
    this.file = file;
    this.queueUrl = queueUrl;
  }

  /**
   * Makes a new file.
   *
   * @throws OperationException if there is one already, or it can't be made
   */
  static Export to(Path path, String queueUrl) {
    try {
      return new Export(path, create(path), queueUrl);
    } catch (FileAlreadyExistsException e) {
      throw OperationException.usage(path + " exists already: give another --export", e);
    } catch (IOException e) {
      throw OperationException.failed("%s can't be written: %s".formatted(path, e), e);
    }
  }

  private static FileChannel create(Path path) throws IOException {
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean posix =
        path.toAbsolutePath().getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[] {};
    return FileChannel.open(path, fresh, ownerOnly);
  }

  /**
   * Adds messages; when this returns they are on the disk.
   *
   * @throws OperationException if they may not be
   */
  void add(List<Message> messages, Instant at) {
    StringBuilder lines = new StringBuilder();
    messages.forEach(message -> lines.append(json(message, at)).append('\n'));
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    } catch (IOException e) {
      throw OperationException.failed(
          "%s can't be written (%s): nothing more is deleted".formatted(path, e), e);
    }
  }

  private ObjectNode json(Message message, Instant at) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("messageId", message.messageId())
            .put("queueUrl", queueUrl)
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

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw OperationException.failed("%s can't be closed: %s".formatted(path, e), e);
    }
  }
}
