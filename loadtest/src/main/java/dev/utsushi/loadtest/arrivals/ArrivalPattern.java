package dev.utsushi.loadtest.arrivals;

/** How writes lie around their rate. */
public enum ArrivalPattern {
  /** Evenly, as from a clock. */
  CONSTANT,
  /** Independently of one another, as from many people: bursts and gaps. */
  POISSON
}
