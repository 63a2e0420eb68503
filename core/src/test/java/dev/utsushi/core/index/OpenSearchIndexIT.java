package dev.utsushi.core.index;

/** The contract, on OpenSearch. */
final class OpenSearchIndexIT extends EngineContract {
  OpenSearchIndexIT() {
    super(Engines.openSearch());
  }
}
