package dev.utsushi.cli.dlq;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.DeployedStream;
import dev.utsushi.operations.stack.OperationException;
import dev.utsushi.operations.stack.StackSelector;
import dev.utsushi.operations.stack.StreamFinder;
import java.time.Instant;
import java.time.InstantSource;

/** One stream's dead letters, reached. */
final class Connection implements AutoCloseable {
  private final AwsClients clients;
  private final DeployedStream stream;
  private final DeadLetterQueue queue;
  private final InstantSource clock = InstantSource.system();

  private Connection(AwsClients clients, DeployedStream stream) {
    this.clients = clients;
    this.stream = stream;
    queue = new DeadLetterQueue(clients.sqs(), stream.queueUrl());
  }

  /**
   * Finds the stream.
   *
   * @throws OperationException if it is not found
   */
  static Connection to(StackSelector selector) {
    AwsClients clients = AwsClients.of(selector);
    try {
      return new Connection(clients, new StreamFinder(clients).find(selector.stream()));
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  AwsClients clients() {
    return clients;
  }

  DeployedStream stream() {
    return stream;
  }

  DeadLetterQueue queue() {
    return queue;
  }

  Instant now() {
    return clock.instant();
  }

  /** The messages, without their records. */
  Listing list(int max, Terminal progress) {
    return listing(max, progress, false);
  }

  /** The messages with their records. */
  Listing listWithRecords(int max, Terminal progress) {
    return listing(max, progress, true);
  }

  private Listing listing(int max, Terminal progress, boolean records) {
    Peek.Seen<Letter> seen =
        new Peek(queue, progress)
            .messages(
                max,
                message -> {
                  Letter letter = Letter.of(message, stream.tableArn());
                  return records ? letter : letter.slim();
                });
    if (seen.notReleased() != null) {
      progress.bad(seen.notReleased());
    }
    return Listing.of(seen, now());
  }

  @Override
  public void close() {
    clients.close();
  }
}
