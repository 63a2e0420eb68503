package dev.utsushi.local.mapping;

/** Why records were given up, as the on-failure message has it. */
public enum DiscardCondition {
  RETRY_ATTEMPTS_EXHAUSTED("RetryAttemptsExhausted"),
  RECORD_AGE_EXCEEDED("RecordAgeExceeded");

  private final String wireName;

  DiscardCondition(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
