package dev.utsushi.core.index;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Makes sure of the index before the first write of an execution environment.
 *
 * <p>At the first write and not before: an engine that is down then is a reason to try again, like
 * any other, and not a function that can't start; and a snapshot taken after start-up says nothing
 * of the index that its copies meet.
 */
final class PreparedBulk implements BulkChannel {
  private final IndexSetup setup;
  private final BulkChannel bulk;
  private boolean prepared;

  PreparedBulk(IndexSetup setup, BulkChannel bulk) {
    this.setup = setup;
    this.bulk = bulk;
  }

  @Override
  public List<Reply> send(List<Attempt> attempts, Duration timeout) {
    if (!prepared) {
      switch (setup.ensure(timeout)) {
        case IndexSetup.Result.Ready _ -> prepared = true;
        case IndexSetup.Result.NotReady(Reply failure) -> {
          return Collections.nCopies(attempts.size(), failure);
        }
      }
    }
    return bulk.send(attempts, timeout);
  }
}
