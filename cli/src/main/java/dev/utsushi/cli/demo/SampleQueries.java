package dev.utsushi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import dev.utsushi.cli.terminal.TextTable.Column;
import dev.utsushi.testbed.activity.ActivityLog;
import dev.utsushi.testbed.search.SearchApi;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Runs the sales team's typical searches, one request each, and prints the results.
 *
 * @param words several of the sample's memos have them
 */
record SampleQueries(SearchApi search, String index, String words, Terminal terminal) {

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
        reply,
        reply.at("/hits/hits").valueStream().toList(),
        reply.at("/hits/total/value").asLong(),
        List.of(
            new Column<>("when", hit -> MINUTE.format(Instant.parse(text(hit, "actedAt")))),
            new Column<>("company", hit -> text(hit, "companyName")),
            new Column<>("deal", hit -> text(hit, "dealId")),
            new Column<>("memo", hit -> text(hit, "memo"))));
  }

  private void dealsWithoutContact() throws InterruptedException {
    Instant now = Instant.now();
    JsonNode reply =
        send(NO_CONTACT.formatted(now.minus(Duration.ofDays(QUIET_DAYS)).toEpochMilli()));
    terminal.heading("Deals by their activities: no contact in %d days".formatted(QUIET_DAYS));
    printDeals(
        reply,
        List.of(
            new Column<>("last contact", deal -> MINUTE.format(lastContact(deal))),
            new Column<>(
                "days ago",
                deal -> Long.toString(Duration.between(lastContact(deal), now).toDays())),
            new Column<>("by", deal -> text(action(deal), "userName"))));
  }

  private static Instant lastContact(JsonNode deal) {
    return Instant.ofEpochMilli(deal.at("/last/value").asLong());
  }

  private void dealsWithManyCalls() throws InterruptedException {
    JsonNode reply = send(MANY_CALLS.formatted(MANY + 1));
    terminal.heading("Deals by their activities: more than %d calls".formatted(MANY));
    printDeals(
        reply,
        List.of(
            new Column<>("calls", deal -> deal.path("doc_count").asText()),
            new Column<>("minutes", deal -> Long.toString(deal.at("/minutes/value").asLong()))));
  }

  private void actionsPerUserAndWeek() throws InterruptedException {
    JsonNode reply = send(PER_USER_AND_WEEK.formatted(WEEKS, ActivityLog.ZONE));
    terminal.heading("Across all deals: actions per user and week");
    List<JsonNode> users = reply.at("/aggregations/users/buckets").valueStream().toList();
    SortedSet<String> weeks = new TreeSet<>();
    users.forEach(user -> weeks.addAll(perWeek(user).keySet()));
    List<Column<JsonNode>> columns = new ArrayList<>();
    columns.add(new Column<>("user", user -> user.path("key").asText()));
    for (String week : weeks) {
      columns.add(new Column<>(week, user -> Long.toString(perWeek(user).getOrDefault(week, 0L))));
    }
    print(reply, users, users.size(), columns);
  }

  private static Map<String, Long> perWeek(JsonNode user) {
    Map<String, Long> counts = new HashMap<>();
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

  private void printDeals(JsonNode reply, List<Column<JsonNode>> more) {
    List<JsonNode> deals = reply.at("/aggregations/deals/buckets").valueStream().toList();
    List<Column<JsonNode>> columns = new ArrayList<>();
    columns.add(new Column<>("deal", deal -> deal.path("key").asText()));
    columns.add(new Column<>("company", deal -> text(action(deal), "companyName")));
    columns.add(new Column<>("what", deal -> text(action(deal), "dealName")));
    columns.addAll(more);
    print(reply, deals.stream().limit(MOST_ROWS).toList(), deals.size(), columns);
  }

  /** Returns the hit of one of a deal's actions. */
  private static JsonNode action(JsonNode deal) {
    return deal.at("/deal/hits/hits/0");
  }

  private static String text(JsonNode hit, String attribute) {
    return hit.path("_source").path(attribute).asText();
  }

  private void print(
      JsonNode reply, List<JsonNode> shown, long found, List<Column<JsonNode>> columns) {
    if (!shown.isEmpty()) {
      terminal.table(TextTable.of(columns, shown));
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
