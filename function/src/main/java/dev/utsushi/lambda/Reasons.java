package dev.utsushi.lambda;

import dev.utsushi.core.deadletter.ReplayedRecord;
import dev.utsushi.core.index.Outcome;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why records are not settled, each reason once. */
final class Reasons {
  private static final int MOST = 5;

  private final Set<String> reasons = new LinkedHashSet<>();

  void add(Settlement settlement) {
    String reason = of(settlement);
    if (reason != null && reasons.size() < MOST) {
      reasons.add(outcome(settlement).name().toLowerCase(java.util.Locale.ROOT) + ": " + reason);
    }
  }

  @Override
  public String toString() {
    return String.join("; ", reasons);
  }

  /** Null for a settled one. */
  static @Nullable String of(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Written(_, Outcome outcome) -> of(outcome);
      case Settlement.Overtaken(_, Outcome outcome) -> of(outcome);
      case Settlement.ExpiryKept _ -> null;
      case Settlement.Unreadable(String problem) -> problem;
    };
  }

  private static @Nullable String of(Outcome outcome) {
    return outcome instanceof Outcome.Unsettled unsettled ? unsettled.reason() : null;
  }

  static ReplayedRecord.Outcome outcome(Settlement settlement) {
    return switch (settlement) {
      case Settlement.Written(_, Outcome outcome) -> outcome(outcome);
      case Settlement.Overtaken(_, Outcome.Settled _) -> ReplayedRecord.Outcome.SUPERSEDED;
      case Settlement.Overtaken(_, Outcome outcome) -> outcome(outcome);
      case Settlement.ExpiryKept _ -> ReplayedRecord.Outcome.EXPIRY_KEPT;
      case Settlement.Unreadable _ -> ReplayedRecord.Outcome.UNREADABLE;
    };
  }

  private static ReplayedRecord.Outcome outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Applied _ -> ReplayedRecord.Outcome.APPLIED;
      case Outcome.Superseded _ -> ReplayedRecord.Outcome.SUPERSEDED;
      case Outcome.Deferred _ -> ReplayedRecord.Outcome.DEFERRED;
      case Outcome.Rejected _ -> ReplayedRecord.Outcome.REJECTED;
    };
  }
}
