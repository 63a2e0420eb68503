package dev.utsushi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.cli.terminal.Terminal;
import dev.utsushi.cli.terminal.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Asks the index what the pipeline is there for, and lays out the answers. */
final class QueryShow {
  private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(TOKYO);
  private static final String WORDS = "見積";
  private static final int PERIOD_DAYS = 30;
  private static final int QUIET_DAYS = 14;
  private static final int MANY_CALLS = 6;
  private static final int WEEKS = 5;
  private static final int MOST_ROWS = 6;

  private final ActivityQueries queries;
  private final Terminal terminal;
  private final InstantSource clock;

  QueryShow(ActivityQueries queries, Terminal terminal, InstantSource clock) {
    this.queries = queries;
    this.terminal = terminal;
    this.clock = clock;
  }

  void run() throws InterruptedException {
    actionsOnFourAxes();
    dealsWithoutContact();
    dealsWithManyCalls();
    actionsPerUserAndWeek();
  }

  private void actionsOnFourAxes() throws InterruptedException {
    String user = queries.busiestUser("call", PERIOD_DAYS, WORDS);
    JsonNode reply = queries.actions(user, "call", PERIOD_DAYS, WORDS, MOST_ROWS);
    terminal.heading(
        "Actions by user, kind, period and words: calls of %s in the last %d days about 「%s」"
            .formatted(user.isEmpty() ? "anybody" : user, PERIOD_DAYS, WORDS));
    var table = new TextTable("when", "company", "deal", "memo");
    for (JsonNode hit : reply.path("hits").path("hits")) {
      JsonNode action = hit.path("_source");
      table.row(
          MINUTE.format(Instant.parse(action.path("actedAt").asText())),
          action.path("companyName").asText(),
          action.path("dealId").asText(),
          action.path("memo").asText());
    }
    show(table, reply.path("hits").path("hits").size(), total(reply), reply);
  }

  private void dealsWithoutContact() throws InterruptedException {
    Instant since = clock.instant().minus(Duration.ofDays(QUIET_DAYS));
    JsonNode reply = queries.dealsWithoutContactSince(since.toEpochMilli());
    terminal.heading(
        "Deals by their activities: no call, mail or visit in %d days".formatted(QUIET_DAYS));
    var table = new TextTable("deal", "company", "what", "last contact", "days ago", "by");
    List<JsonNode> buckets = buckets(reply, "deals");
    for (JsonNode bucket : buckets.stream().limit(MOST_ROWS).toList()) {
      Instant last = Instant.ofEpochMilli(bucket.path("last").path("value").asLong());
      JsonNode deal = topHit(bucket);
      table.row(
          bucket.path("key").asText(),
          deal.path("companyName").asText(),
          deal.path("dealName").asText(),
          MINUTE.format(last),
          Long.toString(Duration.between(last, clock.instant()).toDays()),
          deal.path("userName").asText());
    }
    show(table, Math.min(MOST_ROWS, buckets.size()), buckets.size(), reply);
  }

  private void dealsWithManyCalls() throws InterruptedException {
    JsonNode reply = queries.dealsWithCalls(MANY_CALLS + 1);
    terminal.heading("Deals by their activities: more than %d calls".formatted(MANY_CALLS));
    var table = new TextTable("deal", "company", "what", "calls", "minutes");
    List<JsonNode> buckets = buckets(reply, "deals");
    for (JsonNode bucket : buckets.stream().limit(MOST_ROWS).toList()) {
      JsonNode deal = topHit(bucket);
      table.row(
          bucket.path("key").asText(),
          deal.path("companyName").asText(),
          deal.path("dealName").asText(),
          bucket.path("doc_count").asText(),
          Long.toString(bucket.path("minutes").path("value").asLong()));
    }
    show(table, Math.min(MOST_ROWS, buckets.size()), buckets.size(), reply);
  }

  private void actionsPerUserAndWeek() throws InterruptedException {
    JsonNode reply = queries.actionsPerUserAndWeek(WEEKS);
    terminal.heading("Across all deals: actions per user and week");
    List<JsonNode> users = buckets(reply, "users");
    SortedSet<String> weeks = new TreeSet<>();
    users.forEach(user -> weeks.addAll(perWeek(user).keySet()));
    List<String> head = new ArrayList<>(List.of("user"));
    head.addAll(weeks);
    var table = new TextTable(head.toArray(String[]::new));
    for (JsonNode user : users) {
      Map<String, Long> counts = perWeek(user);
      List<String> row = new ArrayList<>(List.of(user.path("key").asText()));
      weeks.forEach(week -> row.add(Long.toString(counts.getOrDefault(week, 0L))));
      table.row(row);
    }
    show(table, users.size(), users.size(), reply);
  }

  private static Map<String, Long> perWeek(JsonNode user) {
    Map<String, Long> counts = new TreeMap<>();
    for (JsonNode week : user.path("weeks").path("buckets")) {
      // The engines' own week patterns start the week by locale; ISO's starts on Monday.
      ZonedDateTime start = Instant.ofEpochMilli(week.path("key").asLong()).atZone(TOKYO);
      String name =
          "%d-W%02d"
              .formatted(
                  start.get(IsoFields.WEEK_BASED_YEAR),
                  start.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
      counts.put(name, week.path("doc_count").asLong());
    }
    return counts;
  }

  private void show(TextTable table, int shown, long found, JsonNode reply) {
    if (shown > 0) {
      terminal.table(table);
    }
    String more = shown < found ? ", the first %d shown".formatted(shown) : "";
    terminal.line(
        "  %,d found%s (the engine took %d ms)"
            .formatted(found, more, reply.path("took").asLong()));
  }

  private static long total(JsonNode reply) {
    return reply.path("hits").path("total").path("value").asLong();
  }

  private static List<JsonNode> buckets(JsonNode reply, String aggregation) {
    List<JsonNode> buckets = new ArrayList<>();
    reply.path("aggregations").path(aggregation).path("buckets").forEach(buckets::add);
    return buckets;
  }

  private static JsonNode topHit(JsonNode bucket) {
    return bucket.path("deal").path("hits").path("hits").path(0).path("_source");
  }
}
