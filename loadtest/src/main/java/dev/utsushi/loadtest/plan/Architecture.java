package dev.utsushi.loadtest.plan;

/** What a function runs on. */
public enum Architecture {
  /** Graviton; what {@code infra} deploys unless told otherwise. */
  ARM64(Price.LAMBDA_GB_SECOND_ARM64),
  X86_64(Price.LAMBDA_GB_SECOND_X86_64);

  private final Price gbSecond;

  Architecture(Price gbSecond) {
    this.gbSecond = gbSecond;
  }

  Price gbSecond() {
    return gbSecond;
  }
}
