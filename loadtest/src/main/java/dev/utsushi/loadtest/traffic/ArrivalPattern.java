package dev.utsushi.loadtest.traffic;

/** How arrivals are spread around their rate. */
public enum ArrivalPattern {
  /** Evenly spaced. */
  CONSTANT,
  /** Independent of one another, as from many users: bursts and gaps. */
  POISSON
}
