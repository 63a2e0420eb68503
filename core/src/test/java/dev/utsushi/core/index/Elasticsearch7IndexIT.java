package dev.utsushi.core.index;

/** The contract, on Elasticsearch 7. */
final class Elasticsearch7IndexIT extends EngineContract {
  Elasticsearch7IndexIT() {
    super(Engines.elasticsearch7());
  }
}
