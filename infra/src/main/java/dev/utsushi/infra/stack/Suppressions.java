package dev.utsushi.infra.stack;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.constructs.IConstruct;

/** Findings of cdk-nag that were looked at: each with the reason why it may stand. */
record Suppressions(IConstruct construct) {
  static Suppressions of(IConstruct construct) {
    return new Suppressions(construct);
  }

  Suppressions add(String rule, String reason) {
    NagSuppressions.addResourceSuppressions(
        construct, List.of(NagPackSuppression.builder().id(rule).reason(reason).build()));
    return this;
  }

  /**
   * Also for what the construct makes later, and only for this finding of the rule.
   *
   * @param finding its text, or a RegexAppliesTo for one with a logical id in it
   */
  Suppressions addToChildren(String rule, String reason, Object finding) {
    NagSuppressions.addResourceSuppressions(
        construct,
        List.of(
            NagPackSuppression.builder()
                .id(rule)
                .reason(reason)
                .appliesTo(List.of(finding))
                .build()),
        true);
    return this;
  }
}
