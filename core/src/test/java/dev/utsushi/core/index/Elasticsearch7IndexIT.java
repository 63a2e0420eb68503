package dev.utsushi.core.index;

/** Elasticsearch7 keeps the contract. */
final class Elasticsearch7IndexIT extends EngineContract {
  Elasticsearch7IndexIT() {
    super(Engines.elasticsearch7());
  }
}
