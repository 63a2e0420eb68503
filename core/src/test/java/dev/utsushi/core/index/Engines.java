package dev.utsushi.core.index;

import dev.utsushi.local.search.LocalElasticsearch7;
import dev.utsushi.local.search.LocalOpenSearch;
import dev.utsushi.local.search.SearchEngine;

/** The engines: one of each for all tests of this JVM, which stops them when it exits. */
public final class Engines {
  private Engines() {}

  private static final class OpenSearch {
    static final LocalOpenSearch ENGINE = closedAtExit(LocalOpenSearch.start());
  }

  private static final class Elasticsearch7 {
    static final LocalElasticsearch7 ENGINE = closedAtExit(LocalElasticsearch7.start());
  }

  public static SearchEngine openSearch() {
    return OpenSearch.ENGINE;
  }

  public static SearchEngine elasticsearch7() {
    return Elasticsearch7.ENGINE;
  }

  private static <E extends SearchEngine> E closedAtExit(E engine) {
    Runtime.getRuntime().addShutdownHook(new Thread(engine::close));
    return engine;
  }
}
