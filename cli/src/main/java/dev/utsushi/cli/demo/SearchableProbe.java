package dev.utsushi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Searches all the time, as a reader would, and notes how old each write was when it was first
 * found. That is what people wait for: a document that is written is found only after the index's
 * next refresh.
 */
final class SearchableProbe implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 100;
  private static final int NEWEST = 200;
  private static final int MOST_REMEMBERED = 20 * NEWEST;
  private static final String QUERY =
      """
      {"size":%d,"_source":["%s"],"sort":[{"_replication.indexedAt":"desc"}]}\
      """
          .formatted(NEWEST, ActivityTable.WRITTEN_AT);

  private final SearchApi search;
  private final InstantSource clock;
  private final LagRecorder lag = new LagRecorder();
  private final Thread thread = Thread.ofVirtual().name("searchable-probe").unstarted(this::run);

  private final Map<String, Long> found =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  SearchableProbe(SearchApi search, InstantSource clock) {
    this.search = search;
    this.clock = clock;
  }

  /** What is written before is old, and not counted. */
  void start() throws InterruptedException {
    search.send("POST", "/" + LocalPipeline.READER_ALIAS + "/_refresh", "");
    look();
    lag.reset();
    thread.start();
  }

  LagRecorder lag() {
    return lag;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(INTERVAL_MILLIS);
        look();
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private void look() throws InterruptedException {
    JsonNode reply;
    try {
      reply = search.send("POST", "/" + LocalPipeline.READER_ALIAS + "/_search", QUERY);
    } catch (SearchException _) {
      // The next look finds it, later: so it is for readers too.
      return;
    }
    long now = clock.millis();
    for (JsonNode hit : reply.path("hits").path("hits")) {
      long writtenAt = hit.path("_source").path(ActivityTable.WRITTEN_AT).asLong();
      Long before = found.put(hit.path("_id").asText(), writtenAt);
      if (before == null || before != writtenAt) {
        lag.record(now - writtenAt);
      }
    }
  }

  /** Stops looking, soon: a look under way ends by itself. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
