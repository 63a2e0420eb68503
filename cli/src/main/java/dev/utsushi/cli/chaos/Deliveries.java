package dev.utsushi.cli.chaos;

import dev.utsushi.cli.chaos.Delivery.Source;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The function as the mapping sees it: each delivery is put to the accounts. It may be throttled,
 * and a delivery may reach the function twice at the same time.
 */
final class Deliveries implements Invocable {
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicInteger doubles = new AtomicInteger();
  private final Invocable function;
  private final Accounts accounts;
  private final FaultCounts faults;
  private final InstantSource clock;
  private volatile Instant throttledUntil = Instant.MIN;
  private volatile Instant doubledUntil = Instant.MIN;

  Deliveries(Invocable function, Accounts accounts, FaultCounts faults, InstantSource clock) {
    this.function = function;
    this.accounts = accounts;
    this.faults = faults;
    this.clock = clock;
  }

  /** As with a reserved concurrency of 0, for the mapping alone. */
  void throttleUntil(Instant end) {
    throttledUntil = end;
  }

  void doubleUntil(Instant end) {
    doubledUntil = end;
  }

  @Override
  public InvocationResult invoke(byte[] payload) throws InterruptedException {
    if (clock.instant().isBefore(throttledUntil)) {
      faults.happened(FaultKind.THROTTLE, "");
      return new InvocationResult.Throttled(UUID.randomUUID().toString());
    }
    if (clock.instant().isBefore(doubledUntil)) {
      deliverTwice(payload);
    }
    return deliver(payload, Source.MAPPING);
  }

  private void deliverTwice(byte[] payload) {
    doubles.incrementAndGet();
    faults.happened(FaultKind.DUPLICATE, "");
    Thread.ofVirtual()
        .name("chaos-duplicate")
        .start(
            () -> {
              try {
                var _ = deliver(payload, Source.DUPLICATE);
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              } finally {
                doubles.decrementAndGet();
              }
            });
  }

  /** Duplicates that are still on their way. */
  int underway() {
    return doubles.get();
  }

  InvocationResult deliver(byte[] payload, Source source) throws InterruptedException {
    Delivery delivery = Delivery.of(numbers.incrementAndGet(), source, payload);
    accounts.begun(delivery);
    InvocationResult result;
    try {
      result = function.invoke(payload);
    } catch (InterruptedException | RuntimeException e) {
      accounts.interrupted(delivery);
      throw e;
    }
    accounts.ended(delivery, result);
    return result;
  }

  @Override
  public String arn() {
    return function.arn();
  }
}
