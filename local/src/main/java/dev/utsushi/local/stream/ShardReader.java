package dev.utsushi.local.stream;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/** Reads one shard from a given place, and finds that place again when its iterator is lost. */
public final class ShardReader {

  /** The result of one poll; after the end of a shard there is nothing more to poll. */
  public record Poll(List<PolledRecord> records, boolean endOfShard) {}

  private static final Poll NOTHING = new Poll(List.of(), false);
  private static final Poll END = new Poll(List.of(), true);

  private final StreamSource source;
  private final String shardId;
  private final Supplier<Optional<SequenceNumber>> end;
  private final Runnable onTrimmed;
  private SequenceNumber lastRead;
  private @Nullable String iterator;

  /** Whether the records after the last one read have expired, so that the horizon comes next. */
  private boolean behindHorizon;

  /**
   * @param lastRead the place to read from
   * @param end the shard's last number, as far as known; empty while the shard is open
   * @param onTrimmed run when unread records may have expired
   */
  public ShardReader(
      StreamSource source,
      String shardId,
      SequenceNumber lastRead,
      Supplier<Optional<SequenceNumber>> end,
      Runnable onTrimmed) {
    this.source = source;
    this.shardId = shardId;
    this.lastRead = lastRead;
    this.end = end;
    this.onTrimmed = onTrimmed;
  }

  /**
   * Reads the next records. An iterator that expired, or whose records did, yields nothing this
   * time. A shard that no longer exists is at its end.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  public Poll poll() {
    try {
      return read();
    } catch (ExpiredIteratorException
        | software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException expired) {
      iterator = null;
      return NOTHING;
    } catch (TrimmedDataAccessException _) {
      iterator = null;
      return trimmed();
    } catch (ResourceNotFoundException
        | software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException deleted) {
      return deleted();
    }
  }

  /**
   * Reads up to the newest record and returns its place.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the stream can't be read now
   */
  public SequenceNumber newest() {
    Poll poll;
    do {
      poll = poll();
    } while (!poll.records().isEmpty() && !poll.endOfShard());
    return lastRead;
  }

  private Poll read() {
    String current = iterator == null ? newIterator() : iterator;
    StreamSource.Page page = source.read(shardId, current);
    iterator = page.next();
    // From the horizon on, records that were read before may come again.
    List<PolledRecord> unread =
        page.records().stream().filter(record -> record.number().compareTo(lastRead) > 0).toList();
    if (!unread.isEmpty()) {
      lastRead = unread.getLast().number();
      behindHorizon = false;
    }
    return new Poll(unread, iterator == null);
  }

  /**
   * In AWS the horizon itself is never trimmed. In DynamoDB Local it stays trimmed once all records
   * of a shard have expired: then a closed shard is at its end, and an open one waits for records.
   */
  private Poll trimmed() {
    Optional<SequenceNumber> last = end.get();
    if (last.isPresent() && lastRead.compareTo(last.get()) >= 0) {
      return END;
    }
    boolean atHorizon = behindHorizon || lastRead.isBeginning();
    if (!behindHorizon && (last.isPresent() || !atHorizon)) {
      behindHorizon = true;
      onTrimmed.run();
    }
    return atHorizon && last.isPresent() ? END : NOTHING;
  }

  private Poll deleted() {
    if (end.get().filter(last -> lastRead.compareTo(last) >= 0).isEmpty()) {
      onTrimmed.run();
    }
    return END;
  }

  private String newIterator() {
    return source.iterator(shardId, behindHorizon ? SequenceNumber.BEGINNING : lastRead);
  }
}
