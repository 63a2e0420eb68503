package dev.utsushi.outbox.broker;

/** The contract on a standard queue, which has no order and drops no duplicates. */
class SqsStandardBrokerIT extends SqsFifoBrokerIT {
  @Override
  boolean isFifo() {
    return false;
  }

  @Override
  boolean isOrdered() {
    return false;
  }
}
