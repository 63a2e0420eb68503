package dev.utsushi.cli.chaos;

import java.util.ArrayList;
import java.util.List;

/** What was found while the storm blew; bounded, since one fault is found over and over. */
final class Findings {
  private static final int MOST = 1_000;

  private final List<Finding> findings = new ArrayList<>();
  private final Journal journal;

  Findings(Journal journal) {
    this.journal = journal;
  }

  synchronized void add(Finding finding) {
    finding.item().ifPresent(item -> journal.item(item, "FOUND    " + finding.what()));
    if (findings.size() < MOST) {
      findings.add(finding);
    }
  }

  synchronized List<Finding> all() {
    return List.copyOf(findings);
  }
}
