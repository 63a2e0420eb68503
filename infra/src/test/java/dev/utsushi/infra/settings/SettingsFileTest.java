package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static dev.utsushi.infra.settings.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.infra.settings.SettingsFile.Outcome;
import dev.utsushi.infra.settings.StreamSettings.BackfillSettings;
import dev.utsushi.infra.settings.StreamSettings.NewTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsFileTest {
  @Test
  void keysThatAreLeftOutHaveTheSchemasDefaults() {
    StackSettings settings = read(ENDPOINT + STREAMS);

    assertThat(settings.stack()).isEqualTo("utsushi");
    assertThat(settings.logRetentionDays()).isEqualTo(30);
    assertThat(settings.search())
        .isEqualTo(
            new StackSettings.Endpoint(
                "https://search.example.com:9200",
                "apikey",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:search-AbCdEf",
                null,
                null));
    assertThat(settings.streams())
        .containsExactly(
            new StreamSettings(
                "deals",
                new NewTable(null, "dealId", "S", null, null, null, null),
                "dynamodb",
                null,
                List.of(),
                "lambda",
                null,
                null,
                null,
                null,
                null,
                null,
                1,
                0,
                1,
                3,
                -1,
                false,
                "TRIM_HORIZON",
                true,
                List.of(),
                List.of(),
                1_769,
                30,
                "arm64",
                null,
                "delete",
                false,
                null,
                10,
                Map.of(),
                List.of(),
                null,
                new BackfillSettings(5),
                null,
                null));
  }

  @Test
  void aStreamOverridesTheDefaultsKeyByKey() {
    StackSettings settings =
        read(
            ENDPOINT
                + """
                defaults:
                  parallelizationFactor: 4
                  memoryMib: 512
                  filterPatterns: [{ eventName: [INSERT] }]
                streams:
                  - index: deals
                    table: { create: { partitionKey: dealId } }
                    parallelizationFactor: 7
                  - index: people
                    table: { create: { partitionKey: id, partitionKeyType: N } }
                    filterPatterns: [{ dynamodb: { NewImage: { age: { N: [{ exists: true }] } } } }]
                """);

    StreamSettings deals = settings.streams().getFirst();
    assertThat(deals.parallelizationFactor()).isEqualTo(7);
    assertThat(deals.memoryMib()).isEqualTo(512);
    assertThat(deals.filterPatterns().toString()).isEqualTo("[{\"eventName\":[\"INSERT\"]}]");
    StreamSettings people = settings.streams().getLast();
    assertThat(people.parallelizationFactor()).isEqualTo(4);
    assertThat(people.filterPatterns().toString())
        .isEqualTo("[{\"dynamodb\":{\"NewImage\":{\"age\":{\"N\":[{\"exists\":true}]}}}}]");
  }

  @Test
  void allProblemsAtOnceEachWithItsLineAndWhatToDo() {
    String yaml =
        """
        stak: wrong
        search:
          newDomain: { dataNodes: 3, zones: 2, instanceType: large }
          endpoint:
            url: http://search.example.com
            auth: bsic
        logRetentionDays: 31
        defaults:
          batchSize: many
          batchSize: 2
        streams:
          - index: deals
            table: { create: { partitionKey: dealId, sortKey: dealId } }
            paralelizationFactor: 3
            parallelizationFactor: 11
            bisectBatchOnError: perhaps
          - index: deals
            table:
              existing:
                arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
                streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/other/stream/2026
                partitionKey: dealId
            reservedConcurrency: 2
            parallelizationFactor: 4
            mapping: none.json
          - index: Deals
            table: deals
            maximumRecordAgeSeconds: 30
        """;

    assertThat(problems(yaml))
        .containsExactly(
            "1: stak is an unknown key; did you mean stack?",
            "2: search must have exactly one of: newDomain, existingDomain, endpoint",
            "3: search.newDomain.instanceType must be an instance type, like r8g.large.search, not"
                + " 'large'",
            "3: search.newDomain.dataNodes must be a multiple of zones: 3 nodes do not spread"
                + " evenly over 2",
            "4: search.endpoint.secretArn is missing: ARN of a Secrets Manager secret with username"
                + " and password (basic) or apiKey (apikey).",
            "5: search.endpoint.url must be the https URL of a host, like"
                + " https://search.example.com:9200, not 'http://search.example.com'",
            "6: search.endpoint.auth must be one of basic, apikey, not 'bsic'; did you mean basic?",
            "7: logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731, 1827,"
                + " 3653, not '31'",
            "9: defaults.batchSize must be a whole number from 1 to 10000, not 'many'",
            "10: defaults.batchSize is given twice; keep one",
            "13: streams[0].table.create.sortKey must not be the partition key; remove it if the"
                + " table has no sort key",
            "14: streams[0].paralelizationFactor is an unknown key; did you mean"
                + " parallelizationFactor?",
            "15: streams[0].parallelizationFactor must be a whole number from 1 to 10, not '11'",
            "16: streams[0].bisectBatchOnError must be true or false, not 'perhaps'",
            "17: streams[1].index collides with the stream at line 12: both would use the name"
                + " 'deals'",
            "21: streams[1].table.existing.streamArn belongs to another table; it must start with"
                + " arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/",
            "23: streams[1].reservedConcurrency must be at least parallelizationFactor: 2 throttles"
                + " even one shard at a factor of 4",
            "25: streams[1].mapping is unknown: 'none.json' is neither a file beside this one nor a"
                + " mapping in the function's jar",
            "26: streams[2].index must be an index name (lowercase ASCII; no space and none of \\ /"
                + " * ? \" < > | , # : in it; none of - _ + . before it), not 'Deals'",
            "27: streams[2].table must be a section with some of: create, existing",
            "28: streams[2].maximumRecordAgeSeconds must be a whole number from 60 to 604800, or"
                + " -1, not '30'");
  }

  @Test
  void emptyValuesAndListsAreProblems() {
    assertThat(problems(ENDPOINT + "stack:\nstreams: []\n"))
        .containsExactly(
            "6: stack has no value; set one or remove the key",
            "7: streams must have at least 1 entry");
    assertThat(problems("search:\n  newDomane: {}\nstreams:\n  -\n"))
        .containsExactly(
            "2: search.newDomane is an unknown key; did you mean newDomain?",
            "4: streams[0] has no value; set one or remove the key");
    assertThat(problems(ENDPOINT + STREAMS + "    filterPatterns: [INSERT]\n    batchSize: [1]\n"))
        .containsExactly(
            "9: streams[0].filterPatterns[0] must be a filter pattern, like { dynamodb: { Keys: {"
                + " tenant: { S: [a] } } } }",
            "10: streams[0].batchSize must be a whole number from 1 to 10000, not a list");
  }

  @Test
  void listsHaveALimit() {
    String patterns = "    filterPatterns: [" + "{ a: [1] }, ".repeat(10) + "{ a: [1] }]\n";
    assertThat(problems(ENDPOINT + STREAMS + patterns))
        .singleElement()
        .asString()
        .startsWith("9: streams[0].filterPatterns must have at most 10 entries, not 11: ");
    StringBuilder streams = new StringBuilder(ENDPOINT + "streams:\n");
    for (int i = 0; i < 13; i++) {
      streams.append("  - { index: i%d, table: { create: { partitionKey: id } } }\n".formatted(i));
    }
    assertThat(problems(streams.toString()))
        .singleElement()
        .asString()
        .startsWith("6: streams must have at most 11 entries, not 13: ");
  }

  @Test
  void theExampleThatShipsIsRight() {
    assertThat(SettingsFile.read(Path.of("utsushi.yaml"))).isInstanceOf(Outcome.Read.class);
  }
}
