package dev.utsushi.core.deadletter;

import dev.utsushi.core.json.RawJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A message of the dead-letter queue, by what it turned out to be. */
public sealed interface DeadLetter {

  /** What a message can be. */
  enum Form {
    /** It holds its records. */
    CAPTURED,
    /** It says where its records are, for as long as the stream has them. */
    REFERENCE,
    /** It is not of this table's stream, or not of a stream at all. */
    FOREIGN,
    /** It can't be read. */
    MALFORMED
  }

  /** Which of them it is. */
  Form form();

  /** A message about a batch of a DynamoDB stream. */
  sealed interface Failed extends DeadLetter {
    /** What Lambda said of the batch. */
    Failure failure();

    /** Messages of one identity are copies: SQS and a capture that was broken off repeat. */
    Identity identity();
  }

  /**
   * What a message is about.
   *
   * @param part from 1; 0 for a reference
   */
  record Identity(
      String streamArn,
      String shardId,
      String startSequenceNumber,
      String endSequenceNumber,
      int part) {}

  /**
   * A message with its records in it.
   *
   * @param part which part of what the stream had of the batch, from 1
   * @param reason why a second chance did not settle them; null if there was none
   * @param records as JSON, each as Lambda's event has it, without the old image
   */
  record Captured(
      Failure failure,
      Instant capturedAt,
      int part,
      int parts,
      @Nullable String reason,
      List<String> records)
      implements Failed {
    @Override
    public Form form() {
      return Form.CAPTURED;
    }

    @Override
    public Identity identity() {
      return identityOf(failure.range(), part);
    }
  }

  /** Lambda's own message. */
  record Reference(Failure failure) implements Failed {
    @Override
    public Form form() {
      return Form.REFERENCE;
    }

    @Override
    public Identity identity() {
      return identityOf(failure.range(), 0);
    }
  }

  /** Somebody else's message, to be left alone. */
  record Foreign(String problem) implements DeadLetter {
    @Override
    public Form form() {
      return Form.FOREIGN;
    }
  }

  /** A message that says too little, to be left alone; the problem quotes nothing of it. */
  record Malformed(String problem) implements DeadLetter {
    @Override
    public Form form() {
      return Form.MALFORMED;
    }
  }

  /** Reads the body of a message, whatever it is. */
  static DeadLetter parse(String body) {
    try {
      RawJson message = RawJson.parse(body);
      if (message.isObject() && !message.field(CapturedMessage.MARK).isNull()) {
        return CapturedMessage.read(message);
      }
      Set<String> fields = message.fields().keySet();
      return fields.contains("DDBStreamBatchInfo")
          ? new Reference(Failure.read(message))
          : new Foreign("not a message of Lambda's about a batch of a DynamoDB stream");
    } catch (IllegalArgumentException | DateTimeException e) {
      return new Malformed(String.valueOf(e.getMessage()));
    }
  }

  /** The same, or {@link Foreign} if it is about another table's stream. */
  default DeadLetter ofTable(String tableArn) {
    return switch (this) {
      case Failed failed when !failed.failure().range().tableArn().equals(tableArn) ->
          new Foreign("of another table's stream: " + failed.failure().range().streamArn());
      case Captured captured -> captured;
      case Reference reference -> reference;
      case Foreign foreign -> foreign;
      case Malformed malformed -> malformed;
    };
  }

  private static Identity identityOf(StreamRange range, int part) {
    return new Identity(
        range.streamArn(),
        range.shardId(),
        range.startSequenceNumber(),
        range.endSequenceNumber(),
        part);
  }
}
