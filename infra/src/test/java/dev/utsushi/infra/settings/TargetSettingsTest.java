package dev.utsushi.infra.settings;

import static dev.utsushi.infra.settings.TestSettings.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several indexes of one table: what is read, and what is refused with its line. */
final class TargetSettingsTest {
  private static final String TABLE =
      """
      streams:
        - table: { create: { partitionKey: pk, sortKey: sk } }
          targets:
      """;

  @Test
  void theFirstTargetNamesTheStream(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("deals.json"), "{\"properties\": {}}");
    StreamSettings stream =
        TestSettings.read(
                ENDPOINT
                    + TABLE
                    + """
                          - index: deals
                            mapping: deals.json
                            where: { entity: { S: [Deal] } }
                            attributes: { exclude: [contact.note], rename: { gsi1pk: ownerId } }
                          - index: users
                            where: { entity: { S: [{ prefix: User }] } }
                    """,
                directory)
            .streams()
            .getFirst();
    assertThat(stream.index()).isEqualTo("deals");
    assertThat(stream.mapping()).isNull();
    assertThat(stream.filterWarnings()).isEmpty();
    assertThat(stream.targets())
        .isEqualTo(
            "[{\"index\":\"deals\",\"mapping\":{\"properties\":{}},"
                + "\"where\":{\"entity\":{\"S\":[\"Deal\"]}},"
                + "\"attributes\":{\"exclude\":[\"contact.note\"],"
                + "\"rename\":{\"gsi1pk\":\"ownerId\"}}},"
                + "{\"index\":\"users\",\"where\":{\"entity\":{\"S\":[{\"prefix\":\"User\"}]}}}]");
  }

  @Test
  void anIndexIsNeeded() {
    assertThat(problems("streams: [{ table: { create: { partitionKey: pk } } }]"))
        .startsWith("6: streams[0].index is missing: Alias that readers search.");
    assertThat(problems(TABLE.replace("targets:", "targets: []")))
        .contains("8: streams[0].targets must have at least 1 entry");
  }

  @Test
  void wrongTargetsAreRefusedWithTheirLines() {
    assertThat(targets("- { index: a, where: { entity: [Deal] } }"))
        .startsWith("9: streams[0].targets[0].where.entity must be names and their types, like");
    assertThat(targets("- { index: a, where: { entity: { s: [Deal] } } }"))
        .startsWith("9: streams[0].targets[0].where.entity.s is no type of DynamoDB's");
    assertThat(targets("- { index: a, where: { n: { N: [5] } } }"))
        .startsWith("9: streams[0].targets[0].where.n.N[0] must be a text");
    assertThat(targets("- index: a\n      - index: a"))
        .isEqualTo(
            "10: streams[0].targets[1].index collides with the stream at line 9: both would use the"
                + " name 'a'");
    assertThat(targets("- { index: a, attributes: { exclude: [sk] } }"))
        .isEqualTo(
            "9: streams[0].targets[0].attributes.exclude[0] is a key of the table, which every"
                + " document shows; it can be renamed");
    assertThat(targets("- { index: a, attributes: { include: [x], exclude: [y] } }"))
        .isEqualTo(
            "9: streams[0].targets[0].attributes.exclude must not stand beside include; keep one of"
                + " them");
    assertThat(targets("- { index: a, attributes: { rename: { x: _replication } } }"))
        .startsWith("9: streams[0].targets[0].attributes.rename.x must not be '_replication'");
    assertThat(targets("- { index: a, attributes: { rename: { x: z, y: z } } }"))
        .isEqualTo(
            "9: streams[0].targets[0].attributes.rename.y must not be 'z', the new name of 'x'"
                + " already");
    assertThat(targets("- { index: a, attributes: { exlude: [x] } }"))
        .isEqualTo(
            "9: streams[0].targets[0].attributes.exlude is an unknown key; did you mean exclude?");
    assertThat(targets("- { index: a, mapping: nowhere.json }"))
        .startsWith("9: streams[0].targets[0].mapping is unknown: 'nowhere.json'");
    assertThat(targets("- { index: A }"))
        .startsWith("9: streams[0].targets[0].index must be an index name");
    assertThat(problems(TABLE.replace("table:", "index: a\n    table:") + "      - index: b\n"))
        .isEqualTo("7: streams[0].index must be in targets; remove it here");
  }

  @Test
  void aClassNeedsItsLayer() {
    String layer = "layer: 'arn:aws:lambda:eu-central-1:123456789012:layer:contacts:3'";
    assertThat(targets("- { index: a, class: com.example.A, " + layer + " }")).isEmpty();
    assertThat(targets("- { index: a, class: com.example.A }"))
        .isEqualTo("9: streams[0].targets[0].layer is missing: the layer that has the class");
    assertThat(targets("- { index: a, " + layer + " }"))
        .isEqualTo("9: streams[0].targets[0].layer has no effect without class");
    assertThat(targets("- { index: a, class: com/example/A, " + layer + " }"))
        .startsWith("9: streams[0].targets[0].class must be the name of a Java class, like");
    assertThat(targets("- { index: a, class: A, layer: contacts }"))
        .startsWith("9: streams[0].targets[0].layer must be the ARN of a version of a layer");
    String other = layer.substring(0, layer.length() - 2);
    assertThat(
            targets(
                IntStream.rangeClosed(1, 6)
                    .mapToObj(it -> "- { index: a%d, class: A, %s%d' }".formatted(it, other, it))
                    .collect(Collectors.joining("\n      "))))
        .isEqualTo("14: streams[0].targets[5].layer is one too many: a function has at most 5");
  }

  @Test
  void namesThatARebuildDerivesAreTakenAsWell() {
    assertThat(targets("- index: a\n      - index: a-write-old"))
        .startsWith("10: streams[0].targets[1].index collides with the stream at line 9");
  }

  @Test
  void anExistingStreamMayLeaveATombstoneForEachChange() {
    String existing =
        """
        streams:
          - table:
              existing:
                arn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals
                streamArn: arn:aws:dynamodb:eu-central-1:123456789012:table/deals/stream/2026-11-01T00:00:00.000
                partitionKey: pk
            targets: [{ index: deals, where: { entity: { S: [Deal] } } }, { index: all }]
        """;
    assertThat(TestSettings.read(ENDPOINT + existing).streams().getFirst().filterWarnings())
        .singleElement()
        .asString()
        .startsWith("The index deals shows some items only.")
        .contains("NEW_AND_OLD_IMAGES", "docs/single-table.md");
  }

  private static String targets(String list) {
    return problems(TABLE + "      " + list + "\n");
  }

  private static String problems(String streams) {
    return String.join("; ", TestSettings.problems(ENDPOINT + streams));
  }
}
