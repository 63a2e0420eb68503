package dev.utsushi.core.index;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Made at the first retry and not before: a snapshot would give all its copies one jitter. */
final class Jitter {
  static final RandomGenerator RANDOM = new SecureRandom();

  private Jitter() {}
}
