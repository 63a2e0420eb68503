package dev.utsushi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.search.SearchApi;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** Runs the sales team's typical searches, one request each, and prints the results. */
final class SampleQueries {

  /** Finds the user with the most matching actions. */
  private static final String BUSIEST_USER =
      """
      {"size":0,"query":{"bool":{"filter":[
        {"term":{"kind":"call"}},{"range":{"actedAt":{"gte":"now-%1$dd"}}}],
        "must":{"match_phrase":{"memo":"%2$s"}}}},
       "aggs":{"users":{"terms":{"field":"userName","size":1}}}}\
      """;

  private static final String FOUR_AXES =
      """
      {"size":%4$d,"track_total_hits":true,"sort":[{"actedAt":"desc"}],
       "query":{"bool":{"filter":[
        {"term":{"userName":"%3$s"}},{"term":{"kind":"call"}},
        {"range":{"actedAt":{"gte":"now-%1$dd"}}}],
        "must":{"match_phrase":{"memo":"%2$s"}}}}}\
      """;

  private static final String NO_CONTACT =
      """
      {"size":0,"query":{"terms":{"kind":["call","mail","visit"]}},
       "aggs":{"deals":{"terms":{"field":"dealId","size":1000,"order":{"last":"asc"}},
        "aggs":{"last":{"max":{"field":"actedAt"}},
         "deal":{"top_hits":{"size":1,"sort":[{"actedAt":"desc"}],
          "_source":["dealName","companyName","userName"]}},
         "quiet":{"bucket_selector":{"buckets_path":{"last":"last"},
          "script":{"source":"params.last < params.since","params":{"since":%d}}}}}}}}\
      """;

  private static final String MANY_CALLS =
      """
      {"size":0,"query":{"term":{"kind":"call"}},
       "aggs":{"deals":{"terms":{"field":"dealId","size":1000,"min_doc_count":%d},
        "aggs":{"minutes":{"sum":{"field":"durationMinutes"}},
         "deal":{"top_hits":{"size":1,"_source":["dealName","companyName"]}}}}}}\
      """;

  private static final String PER_USER_AND_WEEK =
      """
      {"size":0,"query":{"range":{"actedAt":{"gte":"now-%dw/w"}}},
       "aggs":{"users":{"terms":{"field":"userName","size":50,"order":{"_key":"asc"}},
        "aggs":{"weeks":{"date_histogram":{"field":"actedAt","calendar_interval":"week",
         "time_zone":"%s","min_doc_count":1}}}}}}\
      """;

  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm z", Locale.ENGLISH).withZone(ActivityLog.ZONE);
  private static final int PERIOD_DAYS = 30;
  private static final int QUIET_DAYS = 14;
  private static final int MANY = 6;
  private static final int WEEKS = 5;
  private static final int MOST_ROWS = 6;

  /** Of a date like 2026-W47-3. */
  private static final int YEAR_AND_WEEK = 8;

  private final SearchApi search;
  private final String index;
  private final String words;
  private final Terminal terminal;

  /**
   * Creates the queries.
   *
   * @param words several of the sample's memos have them
   */
  SampleQueries(SearchApi search, String index, String words, Terminal terminal) {
    this.search = search;
    this.index = index;
    this.words = words;
    this.terminal = terminal;
  }

  void run() throws InterruptedException {
    actionsOnFourAxes();
    dealsWithoutContact();
    dealsWithManyCalls();
    actionsPerUserAndWeek();
  }

  private void actionsOnFourAxes() throws InterruptedException {
    JsonNode busiest = send(BUSIEST_USER.formatted(PERIOD_DAYS, words));
    String user = busiest.at("/aggregations/users/buckets/0/key").asText();
    JsonNode reply = send(FOUR_AXES.formatted(PERIOD_DAYS, words, user, MOST_ROWS));
    terminal.heading(
        "Actions by user, kind, period and words: calls of %s in the last %d days about \"%s\""
            .formatted(user.isEmpty() ? "anybody" : user, PERIOD_DAYS, words));
    print(
        new TextTable("when", "company", "deal", "memo"),
        reply.at("/hits/hits").valueStream().toList(),
        reply.at("/hits/total/value").asLong(),
        reply,
        hit ->
            List.of(
                MINUTE.format(Instant.parse(hit.at("/_source/actedAt").asText())),
                hit.at("/_source/companyName").asText(),
                hit.at("/_source/dealId").asText(),
                hit.at("/_source/memo").asText()));
  }

  private void dealsWithoutContact() throws InterruptedException {
    Instant now = Instant.now();
    JsonNode reply =
        send(NO_CONTACT.formatted(now.minus(Duration.ofDays(QUIET_DAYS)).toEpochMilli()));
    terminal.heading("Deals by their activities: no contact in %d days".formatted(QUIET_DAYS));
    printDeals(
        new TextTable("deal", "company", "what", "last contact", "days ago", "by"),
        reply,
        (bucket, deal) -> {
          Instant last = Instant.ofEpochMilli(bucket.at("/last/value").asLong());
          return Stream.of(
              MINUTE.format(last),
              Long.toString(Duration.between(last, now).toDays()),
              deal.path("userName").asText());
        });
  }

  private void dealsWithManyCalls() throws InterruptedException {
    JsonNode reply = send(MANY_CALLS.formatted(MANY + 1));
    terminal.heading("Deals by their activities: more than %d calls".formatted(MANY));
    printDeals(
        new TextTable("deal", "company", "what", "calls", "minutes"),
        reply,
        (bucket, _) ->
            Stream.of(
                bucket.path("doc_count").asText(),
                Long.toString(bucket.at("/minutes/value").asLong())));
  }

  private void actionsPerUserAndWeek() throws InterruptedException {
    JsonNode reply = send(PER_USER_AND_WEEK.formatted(WEEKS, ActivityLog.ZONE));
    terminal.heading("Across all deals: actions per user and week");
    List<JsonNode> users = reply.at("/aggregations/users/buckets").valueStream().toList();
    SortedSet<String> weeks = new TreeSet<>();
    users.forEach(user -> weeks.addAll(perWeek(user).keySet()));
    List<String> head = new ArrayList<>(List.of("user"));
    head.addAll(weeks);
    print(
        new TextTable(head.toArray(String[]::new)),
        users,
        users.size(),
        reply,
        user ->
            Stream.concat(
                    Stream.of(user.path("key").asText()),
                    weeks.stream().map(week -> Long.toString(perWeek(user).getOrDefault(week, 0L))))
                .toList());
  }

  private static Map<String, Long> perWeek(JsonNode user) {
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode week : user.at("/weeks/buckets")) {
      // The engines' own week patterns start the week by locale; ISO's starts on Monday.
      Instant start = Instant.ofEpochMilli(week.path("key").asLong());
      String name =
          DateTimeFormatter.ISO_WEEK_DATE
              .format(start.atZone(ActivityLog.ZONE))
              .substring(0, YEAR_AND_WEEK);
      counts.put(name, week.path("doc_count").asLong());
    }
    return counts;
  }

  private void printDeals(
      TextTable table, JsonNode reply, BiFunction<JsonNode, JsonNode, Stream<String>> columns) {
    List<JsonNode> buckets = reply.at("/aggregations/deals/buckets").valueStream().toList();
    print(
        table,
        buckets.stream().limit(MOST_ROWS).toList(),
        buckets.size(),
        reply,
        bucket -> {
          JsonNode deal = bucket.at("/deal/hits/hits/0/_source");
          return Stream.concat(
                  Stream.of(
                      bucket.path("key").asText(),
                      deal.path("companyName").asText(),
                      deal.path("dealName").asText()),
                  columns.apply(bucket, deal))
              .toList();
        });
  }

  private void print(
      TextTable table,
      List<JsonNode> shown,
      long found,
      JsonNode reply,
      Function<JsonNode, List<String>> row) {
    shown.forEach(each -> table.row(row.apply(each)));
    if (!shown.isEmpty()) {
      terminal.table(table);
    }
    String more = shown.size() < found ? ", the first %d shown".formatted(shown.size()) : "";
    terminal.line(
        "  %,d found%s (the engine took %d ms)"
            .formatted(found, more, reply.path("took").asLong()));
  }

  private JsonNode send(String query) throws InterruptedException {
    return search.send("POST", "/" + index + "/_search", query);
  }
}
