package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.utsushi.local.LocalAws;
import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.RunningTemplate;
import dev.utsushi.local.template.Template;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Runs the example of docs/single-table.md, with the permissions that it asks for. */
class SingleTableIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SECRET = "s3cret-marker";

  @TempDir private Path directory;

  @Test
  void itemsAreInTheirIndexesAndSecretsNowhere() throws Exception {
    Path output = SynthesizedStack.synthesize(directory, example());
    Template template = Template.read(output.resolve("sales.template.json"));
    try (var aws = LocalAws.start();
        var running =
            RunningTemplate.start(aws, template, Bindings.none().withEnforcesPermissions(true));
        var checks = new ReplicationChecks(running);
        var http = HttpClient.newHttpClient()) {
      String table =
          running
              .parts(RunningTemplate.Mapping.class)
              .getFirst()
              .source()
              .table()
              .orElseThrow()
              .name();
      var dynamoDb = running.aws().dynamoDb().client();
      for (Map<String, AttributeValue> item :
          List.of(item("1", "Action"), item("2", "Deal"), item("3", "UserAdmin"), item("4", "X"))) {
        dynamoDb.putItem(put -> put.tableName(table).item(item));
      }
      checks.await(
          "every item in its index",
          () ->
              shown(http, running)
                  .equals(Map.of("actions", "[1]", "deals", "[2]", "users", "[3]")));
      // They change their types: one index gets a document, another one a tombstone.
      dynamoDb.putItem(put -> put.tableName(table).item(item("1", "Deal")));
      dynamoDb.putItem(put -> put.tableName(table).item(item("2", "X")));
      dynamoDb.deleteItem(
          delete -> delete.tableName(table).key(Map.of("id", AttributeValue.fromS("3"))));
      checks.await(
          "items where they went",
          () ->
              shown(http, running).equals(Map.of("actions", "[]", "deals", "[1]", "users", "[]")));

      String everything = send(http, running, "/_all/_search?size=1000&version=true").toString();
      assertThat(everything).doesNotContain(SECRET).contains("\"_id\":\"3\"");
    }
  }

  private static String example() throws Exception {
    var block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    var matcher = block.matcher(Files.readString(Path.of("../docs/single-table.md")));
    assertThat(matcher.find()).isTrue();
    return matcher
        .group(1)
        .replace(
            "newDomain: {}",
            "newDomain: {instanceType: t3.small.search, dataNodes: 2, volumeGib: 20}");
  }

  private static Map<String, AttributeValue> item(String id, String entity) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("id", AttributeValue.fromS(id));
    item.put("entity", AttributeValue.fromS(entity));
    item.put("name", AttributeValue.fromS("name of " + id));
    item.put("passwordHash", AttributeValue.fromS(SECRET));
    if (!entity.equals("Deal") && !entity.equals("X")) {
      item.put(
          "contact",
          AttributeValue.fromM(
              Map.of(
                  "privateNote", AttributeValue.fromS(SECRET),
                  "city", AttributeValue.fromS("Kyoto"))));
    }
    return item;
  }

  /** Returns the ids that readers of each index find. */
  private static Map<String, String> shown(HttpClient http, RunningTemplate running)
      throws Exception {
    Map<String, String> shown = new TreeMap<>();
    for (String index : List.of("actions", "deals", "users")) {
      send(http, running, "/" + index + "-write/_refresh");
      List<String> ids = new ArrayList<>();
      send(http, running, "/" + index + "/_search")
          .at("/hits/hits")
          .forEach(hit -> ids.add(hit.path("_id").asText()));
      shown.put(index, ids.toString());
    }
    return shown;
  }

  private static JsonNode send(HttpClient http, RunningTemplate running, String path)
      throws Exception {
    URI uri = running.aws().search().endpoint().resolve(path);
    var request = HttpRequest.newBuilder(uri).header("Content-Type", "application/json");
    boolean search = path.contains("_search");
    return JSON.readTree(
        http.send(
                request
                    .method(
                        "POST",
                        search
                            ? BodyPublishers.ofString("{\"query\":{\"match_all\":{}}}")
                            : BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofByteArray())
            .body());
  }
}
