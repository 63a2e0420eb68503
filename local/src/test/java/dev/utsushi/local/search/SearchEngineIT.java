package dev.utsushi.local.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests on both engines what Utsushi needs of them. */
@TestInstance(Lifecycle.PER_CLASS)
class SearchEngineIT {
  private List<SearchEngine> engines = List.of();

  @BeforeAll
  void start() {
    engines = List.of(LocalOpenSearch.start(), LocalElasticsearch7.start());
  }

  @AfterAll
  void close() {
    engines.forEach(SearchEngine::close);
  }

  List<SearchEngine> engines() {
    return engines;
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("engines")
  void saysItsVersion(SearchEngine engine) throws Exception {
    String number = engine.version().split(" ", 2)[1];
    assertThat(Engine.get(engine, "/").body()).contains("\"number\" : \"" + number + "\"");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("engines")
  void findsIndexedDocuments(SearchEngine engine) throws Exception {
    var put = Engine.send(engine, "PUT", "/found/_doc/1?refresh=true", "{\"kind\":\"visit\"}");
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(Engine.get(engine, "/found/_search?q=kind:visit").body()).contains("\"_id\":\"1\"");
    assertThat(Engine.get(engine, "/found/_search?q=kind:call").body()).contains("\"hits\":[]");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("engines")
  void runsScriptedUpserts(SearchEngine engine) throws Exception {
    String newer =
        """
        {"scripted_upsert": true, "upsert": {}, "script": {"lang": "painless",
         "source": "if (ctx._source.v != null && ctx._source.v.compareTo(params.v) >= 0)\
         { ctx.op = 'none' } else { ctx._source = ['v': params.v] }",
         "params": {"v": "%s"}}}
        """;
    Engine.send(engine, "POST", "/scripted/_update/1", newer.formatted("2"));
    var older = Engine.send(engine, "POST", "/scripted/_update/1", newer.formatted("1"));
    assertThat(older.body()).contains("\"result\":\"noop\"");
    assertThat(Engine.get(engine, "/scripted/_doc/1").body()).contains("\"v\":\"2\"");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("engines")
  void findsJapaneseByBigrams(SearchEngine engine) throws Exception {
    String cjk =
        "{\"mappings\":{\"properties\":{\"memo\":{\"type\":\"text\",\"analyzer\":\"cjk\"}}}}";
    assertThat(Engine.send(engine, "PUT", "/memos", cjk).statusCode()).isEqualTo(200);
    Engine.send(engine, "PUT", "/memos/_doc/1?refresh=true", "{\"memo\":\"次回の商談で見積書を出す\"}");

    assertThat(search(engine, "見積")).contains("\"_id\":\"1\"");
    assertThat(search(engine, "訪問")).contains("\"hits\":[]");
  }

  private static String search(SearchEngine engine, String words) throws Exception {
    String query = "{\"query\":{\"match_phrase\":{\"memo\":\"%s\"}}}".formatted(words);
    return Engine.send(engine, "POST", "/memos/_search", query).body();
  }
}
