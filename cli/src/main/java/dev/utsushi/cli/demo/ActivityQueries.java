package dev.utsushi.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.testbed.search.SearchApi;

/** What the sales team asks of its activity log; each one request to the readers' alias. */
final class ActivityQueries {
  /** The user with most hits, and those: user, kind, period and words at once. */
  private static final String BUSIEST_USER =
      """
      {"size":0,"query":{"bool":{"filter":[
        {"term":{"kind":"%1$s"}},{"range":{"actedAt":{"gte":"now-%2$dd"}}}],
        "must":{"match_phrase":{"memo":"%3$s"}}}},
       "aggs":{"users":{"terms":{"field":"userName","size":1}}}}\
      """;

  private static final String FOUR_AXES =
      """
      {"size":%5$d,"track_total_hits":true,"sort":[{"actedAt":"desc"}],
       "query":{"bool":{"filter":[
        {"term":{"userName":"%4$s"}},{"term":{"kind":"%1$s"}},
        {"range":{"actedAt":{"gte":"now-%2$dd"}}}],
        "must":{"match_phrase":{"memo":"%3$s"}}}}}\
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
         "time_zone":"Asia/Tokyo","min_doc_count":1}}}}}}\
      """;

  private final SearchApi search;

  ActivityQueries(SearchApi search) {
    this.search = search;
  }

  /** Empty if nobody has such an action. */
  String busiestUser(String kind, int days, String words) throws InterruptedException {
    JsonNode reply = send(BUSIEST_USER.formatted(kind, days, words));
    return reply.path("aggregations").path("users").path("buckets").path(0).path("key").asText();
  }

  JsonNode actions(String user, String kind, int days, String words, int most)
      throws InterruptedException {
    return send(FOUR_AXES.formatted(kind, days, words, user, most));
  }

  JsonNode dealsWithoutContactSince(long epochMillis) throws InterruptedException {
    return send(NO_CONTACT.formatted(epochMillis));
  }

  JsonNode dealsWithCalls(int atLeast) throws InterruptedException {
    return send(MANY_CALLS.formatted(atLeast));
  }

  JsonNode actionsPerUserAndWeek(int weeks) throws InterruptedException {
    return send(PER_USER_AND_WEEK.formatted(weeks));
  }

  private JsonNode send(String query) throws InterruptedException {
    return search.send("POST", "/" + LocalPipeline.READER_ALIAS + "/_search", query);
  }
}
