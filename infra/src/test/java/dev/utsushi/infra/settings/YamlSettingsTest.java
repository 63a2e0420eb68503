package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static dev.utsushi.infra.settings.TestSettings.STREAMS;
import static dev.utsushi.infra.settings.TestSettings.problems;
import static dev.utsushi.infra.settings.TestSettings.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.utsushi.infra.settings.SettingsFile.Outcome;
import dev.utsushi.infra.settings.StreamSettings.NewTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How YAML becomes settings. */
class YamlSettingsTest {
  @Test
  void aBareNumberIsANameAndAQuotedOneANumber() {
    StreamSettings stream =
        read(ENDPOINT
                + """
                streams:
                  - index: 2026
                    table: { create: { partitionKey: true } }
                    batchSize: "7"
                """)
            .streams()
            .getFirst();

    assertThat(stream.index()).isEqualTo("2026");
    assertThat(stream.table().partitionKey()).isEqualTo("true");
    assertThat(stream.batchSize()).isEqualTo(7);
  }

  @Test
  void anEmptySectionHasItsDefaults() {
    assertThat(read("search:\n  newDomain:\ndefaults:\n" + STREAMS).search())
        .isEqualTo(
            new StackSettings.NewDomain(
                null,
                "OpenSearch_3.5",
                "r8g.large.search",
                2,
                1,
                50,
                "none",
                null,
                null,
                Map.of()));
  }

  @Test
  void aFileThatIsNoYamlNamesTheLine() {
    assertThat(problems("search:\n  newDomain: {\nstreams: ]\n"))
        .singleElement()
        .asString()
        .startsWith("3: the file is not YAML from here on");
    assertThat(problems("")).singleElement().asString().contains("empty");
    assertThat(problems("just words"))
        .singleElement()
        .asString()
        .startsWith("1: the file must be a section");
    assertThat(SettingsFile.read(Path.of("none.yaml")))
        .isInstanceOfSatisfying(
            Outcome.Broken.class,
            broken ->
                assertThat(broken.problems().getFirst().what()).contains("the file is missing"));
  }

  @Test
  void aSectionMergesAnotherAndItsOwnKeysWin() {
    List<StreamSettings> streams =
        read(ENDPOINT
                + """
                streams:
                  - &first
                    index: deals
                    table: { create: { partitionKey: dealId } }
                    batchSize: 7
                    memoryMib: 512
                  - batchSize: 8
                    <<: *first
                    index: people
                  - <<: [{ timeoutSeconds: 20, batchSize: 9 }, *first]
                    index: orders
                  - index: visits
                    table:
                      create:
                        <<: { partitionKey: id, partitionKeyType: N }
                """)
            .streams();

    assertThat(streams)
        .extracting(StreamSettings::index, StreamSettings::batchSize, StreamSettings::memoryMib)
        .containsExactly(
            tuple("deals", 7, 512),
            tuple("people", 8, 512),
            tuple("orders", 9, 512),
            tuple("visits", 1, 1_769));
    assertThat(streams.get(2).timeoutSeconds()).isEqualTo(20);
    assertThat(streams.get(3).table())
        .isEqualTo(new NewTable(null, "id", "N", null, null, null, null));
  }

  @Test
  void aProblemOfAMergedKeyHasTheLineOfTheKey() {
    assertThat(
            problems(
                ENDPOINT
                    + """
                    streams:
                      - &first
                        index: deals
                        table: { create: { partitionKey: dealId } }
                        bachSize: 7
                        memoryMib: 1
                      - <<: *first
                        index: people
                        memoryMib: many
                      - <<: *first
                      - <<: first
                        index: visits
                        table: { create: { partitionKey: id } }
                    """))
        .containsExactly(
            "8: streams[2].index collides with the stream at line 8: both would use the name"
                + " 'deals'",
            "10: streams[0].bachSize is an unknown key; did you mean batchSize?",
            "10: streams[1].bachSize is an unknown key; did you mean batchSize?",
            "10: streams[2].bachSize is an unknown key; did you mean batchSize?",
            "11: streams[0].memoryMib must be a whole number from 128 to 10240, not '1'",
            "11: streams[2].memoryMib must be a whole number from 128 to 10240, not '1'",
            "14: streams[1].memoryMib must be a whole number from 128 to 10240, not 'many'",
            "16: streams[3].<< must be an alias of a section, or a list of them, like *name");
  }

  @Test
  void aSectionThatContainsItselfIsAProblem() {
    assertThat(problems(ENDPOINT + STREAMS + "vpc: &vpc\n  <<: *vpc\n"))
        .contains("9: vpc contains itself, by an alias");
  }
}
