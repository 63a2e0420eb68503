package dev.utsushi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.Malfunction;
import dev.utsushi.local.proxy.FaultProxy.Reply;
import dev.utsushi.local.proxy.FaultProxy.Request;
import dev.utsushi.local.proxy.ProxyListener;
import dev.utsushi.testbed.comparison.DocumentReader;
import dev.utsushi.testbed.comparison.ExpectedIndex;
import dev.utsushi.testbed.pipeline.EmbeddedPipeline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A text that the workload puts where no index shows it, and the search for it in whatever a run
 * writes. It has letters and digits only, so that it is the same in every escaped form.
 */
final class PlantedSecret {
  /** As dead letters hold large records. */
  private static final Pattern COMPRESSED =
      Pattern.compile("\\\\?\"recordsGzip\\\\?\":\\\\?\"([A-Za-z0-9+/=]+)");

  private final String text;
  private final List<String> forms = new ArrayList<>();
  private final Set<String> places = ConcurrentHashMap.newKeySet();
  private final AtomicLong searched = new AtomicLong();
  private final History history;

  /**
   * Creates the secret of a run.
   *
   * @param history gets each place where it is found
   */
  PlantedSecret(long seed, History history) {
    this.history = history;
    text = "s3cret%016x".formatted(new SplittableRandom(seed).nextLong());
    forms.add(text);
    for (int before = 0; before < 3; before++) {
      forms.add(base64(before));
    }
  }

  /**
   * Returns what Base64 makes of it after this many other bytes, without what depends on others.
   */
  private String base64(int before) {
    byte[] bytes = (" ".repeat(before) + text).getBytes(UTF_8);
    byte[] whole = Arrays.copyOf(bytes, bytes.length - bytes.length % 3);
    return Base64.getEncoder().encodeToString(whole).substring(before == 0 ? 0 : before + 1);
  }

  String text() {
    return text;
  }

  /** Returns how many texts were searched. */
  long searched() {
    return searched.get();
  }

  /** Searches a text; the place is told if it holds the secret, and nothing else of the text. */
  void search(String place, String where) {
    searched.incrementAndGet();
    if (forms.stream().anyMatch(where::contains) && places.add(place)) {
      history.append(new Malfunction("what no index shows is in " + place));
    }
    COMPRESSED
        .matcher(where)
        .results()
        .forEach(found -> search(place, uncompressed(found.group(1))));
  }

  private static String uncompressed(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  /** Searches what passes through a proxy, and passes it on to another listener. */
  ProxyListener before(ProxyListener next, String server) {
    return new ProxyListener() {
      @Override
      public void forwarding(Request request) {
        search("a request to " + server, request.path() + request.body());
        next.forwarding(request);
      }

      @Override
      public void replied(Request request, Reply reply, boolean passedOn) {
        search("a reply of " + server, reply.body());
        next.replied(request, reply, passedOn);
      }

      @Override
      public void unanswered(Request request) {
        next.unanswered(request);
      }
    };
  }

  /** Searches the indexes with their mappings, and what runs have noted. */
  void searchLeft(EmbeddedPipeline pipeline, List<ExpectedIndex> indexes)
      throws InterruptedException {
    for (ExpectedIndex index : indexes) {
      String alias = index.name() + "-write";
      DocumentReader.readAll(
          pipeline.search(),
          alias,
          "{\"match_all\":{}}",
          each -> search("document %s of %s".formatted(each.id(), alias), each.toString()));
      search(
          "the mapping of " + alias,
          pipeline.search().send("GET", "/" + alias + "/_mapping", "").toString());
    }
    pipeline
        .dynamoDb()
        .scanPaginator(scan -> scan.tableName(pipeline.name() + "-runs"))
        .items()
        .forEach(item -> search("the table of runs", item.toString()));
  }
}
