package dev.utsushi.core.index;

/** OpenSearch keeps the contract. */
final class OpenSearchIndexIT extends EngineContract {
  OpenSearchIndexIT() {
    super(Engines.openSearch());
  }
}
