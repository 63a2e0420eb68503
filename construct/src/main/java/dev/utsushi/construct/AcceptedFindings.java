package dev.utsushi.construct;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.constructs.IConstruct;

/** Accepts findings of cdk-nag, each with its reason. */
public final class AcceptedFindings {
  private AcceptedFindings() {}

  /**
   * Accepts what a rule finds.
   *
   * @param findings the only texts to accept, in the construct and in what it creates later, or a
   *     {@code RegexAppliesTo} for one with a logical ID in it; none for all of the construct
   *     itself
   */
  public static void accept(IConstruct construct, String rule, String reason, Object... findings) {
    var accepted = NagPackSuppression.builder().id(rule).reason(reason);
    boolean some = findings.length > 0;
    NagSuppressions.addResourceSuppressions(
        construct,
        List.of((some ? accepted.appliesTo(List.of(findings)) : accepted).build()),
        some);
  }
}
