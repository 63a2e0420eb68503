package dev.utsushi.local.search;

import java.net.URI;

/**
 * A running search engine of one node, empty at first, deleted when closed. JUnit closes closeable
 * arguments of a parameterized test: a test with engines as arguments needs
 * {@code @ParameterizedTest(autoCloseArguments = false)}.
 */
public sealed interface SearchEngine extends AutoCloseable
    permits LocalOpenSearch, LocalElasticsearch7 {
  /** Returns its address: {@code http://127.0.0.1:port}, without authentication. */
  URI endpoint();

  /**
   * Returns its name and version, for example {@code opensearch 3.8.0} or {@code elasticsearch
   * 7.10.2}.
   */
  String version();

  @Override
  void close();
}
