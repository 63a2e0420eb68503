package dev.utsushi.testbed.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.search.SearchApi;
import java.util.function.Consumer;

/**
 * Reads all documents of an index or alias that match a query, page by page. By scroll, since both
 * engines have it (points in time differ between them, and sorting by {@code _id} can be off).
 */
public final class DocumentReader {
  private static final String KEEP_ALIVE = "2m";
  private static final int PAGE = 500;

  private DocumentReader() {}

  /** Hands over each document. */
  public static void readAll(
      SearchApi search, String index, String query, Consumer<IndexedDocument> each)
      throws InterruptedException {
    String first =
        """
        {"size":%d,"sort":["_doc"],"query":%s}\
        """
            .formatted(PAGE, query);
    JsonNode page = search.send("POST", "/" + index + "/_search?scroll=" + KEEP_ALIVE, first);
    while (!page.path("hits").path("hits").isEmpty()) {
      for (JsonNode hit : page.path("hits").path("hits")) {
        each.accept(new IndexedDocument(hit.path("_id").asText(), hit.path("_source")));
      }
      page =
          search.send(
              "POST",
              "/_search/scroll",
              """
              {"scroll":"%s","scroll_id":"%s"}\
              """
                  .formatted(KEEP_ALIVE, page.path("_scroll_id").asText()));
    }
    search.send(
        "DELETE",
        "/_search/scroll",
        """
        {"scroll_id":"%s"}\
        """
            .formatted(page.path("_scroll_id").asText()));
  }
}
