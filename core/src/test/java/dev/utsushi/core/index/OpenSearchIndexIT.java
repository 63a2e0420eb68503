package dev.utsushi.core.index;

import static dev.utsushi.core.index.Changes.upsert;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract, on OpenSearch. */
final class OpenSearchIndexIT extends EngineContract {
  OpenSearchIndexIT() {
    super(Engines.openSearch());
  }

  @Test
  @DisplayName("Derived source, which changes documents, is refused")
  void derivedSourceIsRefused() {
    EngineIndex index = new EngineIndex(Engines.openSearch().endpoint(), "derived", "{}");
    addTemplate(index, "derived", "settings", "{\"index.derived_source.enabled\":true}");
    assertRejected(write(index, upsert("a", 1, "memo", "x")), "derived_source");
  }
}
