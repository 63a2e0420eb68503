package dev.utsushi.cli.dlq;

import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.ReplicatedStream;
import dev.utsushi.operations.stack.StackException;
import dev.utsushi.operations.stack.StreamFinder;
import dev.utsushi.operations.stack.Target;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One stream's dead letters, reached. */
final class Connection implements AutoCloseable {
  private final AwsClients clients;
  private final ReplicatedStream stream;
  private final DeadLetterQueue queue;
  private final InstantSource clock = InstantSource.system();

  private Connection(AwsClients clients, ReplicatedStream stream) {
    this.clients = clients;
    this.stream = stream;
    queue = new DeadLetterQueue(clients.sqs(), stream.queueUrl());
  }

  /**
   * Finds the stream.
   *
   * @param index whose; may be null where there is one
   * @throws StackException if it is not found
   */
  static Connection to(Target target, @Nullable String index) {
    AwsClients clients = AwsClients.of(target);
    try {
      var finder = new StreamFinder(clients.lambda(), clients.region().id());
      return new Connection(clients, finder.find(clients.stackName(target), index));
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  AwsClients clients() {
    return clients;
  }

  ReplicatedStream stream() {
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
