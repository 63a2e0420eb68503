package dev.utsushi.local.fault;

/** Decides what happens to each request; asked by many threads. */
@FunctionalInterface
public interface FaultPlan {
  Fault faultFor(ProxiedRequest request);
}
