package dev.utsushi.infra.stack;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.constructs.IConstruct;

/** Accepts findings of cdk-nag, each with its reason. */
final class AcceptedFindings {
  private AcceptedFindings() {}

  static void accept(IConstruct construct, String rule, String reason) {
    NagSuppressions.addResourceSuppressions(
        construct, List.of(NagPackSuppression.builder().id(rule).reason(reason).build()));
  }

  /**
   * Accepts one finding of a rule, in the construct and in what it creates later.
   *
   * @param finding its text, or a {@code RegexAppliesTo} for one with a logical ID in it
   */
  static void acceptBelow(IConstruct construct, String rule, String reason, Object finding) {
    NagSuppressions.addResourceSuppressions(
        construct,
        List.of(
            NagPackSuppression.builder()
                .id(rule)
                .reason(reason)
                .appliesTo(List.of(finding))
                .build()),
        true);
  }
}
