package dev.utsushi.faults.nemesis;

import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.Injected;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A place in the pipeline where at most one fault waits for something to hit.
 *
 * @param <A> what the fault does to it
 */
final class FaultPoint<A> {
  private record Armed<A>(Fault fault, A action, int hits) {}

  private final AtomicReference<@Nullable Armed<A>> armed = new AtomicReference<>();
  private final History history;

  FaultPoint(History history) {
    this.history = history;
  }

  /** The fault waits from now on, for this number of hits. */
  void arm(Fault fault, A action, int hits) {
    armed.set(new Armed<>(fault, action, hits));
  }

  void disarm() {
    armed.set(null);
  }

  /** Returns the action if a fault waits, and records that it took effect. */
  Optional<A> hit(String detail) {
    Armed<A> hit = take();
    if (hit == null) {
      return Optional.empty();
    }
    history.append(new Injected(hit.fault().description(), detail));
    return Optional.of(hit.action());
  }

  /** Returns the action if a fault waits; the action itself records whether it took effect. */
  Optional<A> tryHit() {
    return Optional.ofNullable(take()).map(Armed::action);
  }

  private @Nullable Armed<A> take() {
    return armed.getAndUpdate(
        fault ->
            fault == null || fault.hits() == 1
                ? null
                : new Armed<>(fault.fault(), fault.action(), fault.hits() - 1));
  }
}
