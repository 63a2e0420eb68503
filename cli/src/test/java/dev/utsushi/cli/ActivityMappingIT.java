package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.search.LocalElasticsearch7;
import dev.utsushi.local.search.LocalOpenSearch;
import dev.utsushi.local.search.SearchEngine;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The activity log's mapping finds Japanese words on both engines, without a plugin. */
class ActivityMappingIT {
  private static final String MEMO = "ｻｰﾊﾞｰの見積を森様に送付。ＡＢＣ社の名刺も。";

  @Test
  void openSearch() throws Exception {
    try (SearchEngine engine = LocalOpenSearch.start()) {
      findsJapanese(engine);
    }
  }

  @Test
  void elasticsearch7() throws Exception {
    try (SearchEngine engine = LocalElasticsearch7.start()) {
      findsJapanese(engine);
    }
  }

  private static void findsJapanese(SearchEngine engine) throws Exception {
    try (var search = new SearchApi(engine.endpoint())) {
      search.send("PUT", "/activity", mapping());
      search.send(
          "PUT",
          "/activity/_doc/1?refresh=true",
          "{\"memo\":\"%s\",\"companyName\":\"青葉製作所\"}".formatted(MEMO));
      for (String words : new String[] {"サーバー", "見積", "森", "abc社", "見積を森様"}) {
        assertThat(hits(search, "memo", words)).as(words).isEqualTo(1);
      }
      for (String words : new String[] {"積見", "請求書", "様森"}) {
        assertThat(hits(search, "memo", words)).as(words).isZero();
      }
      assertThat(hits(search, "companyName.text", "製作")).isEqualTo(1);
      assertThat(hits(search, "companyName", "青葉製作所")).isEqualTo(1);
    }
  }

  private static int hits(SearchApi search, String field, String words)
      throws InterruptedException {
    String query = "{\"query\":{\"match_phrase\":{\"%s\":\"%s\"}}}".formatted(field, words);
    return search.send("POST", "/activity/_search", query).path("hits").path("hits").size();
  }

  private static String mapping() throws IOException {
    try (InputStream in = ActivityMappingIT.class.getResourceAsStream("/activity-log.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
