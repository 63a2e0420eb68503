package dev.utsushi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.cli.DlqWorld.Ran;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.LocalEndpoints.Services;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** The settings file of a table that exists. */
class InitIT {
  @TempDir private Path directory = Path.of("");

  @Test
  void writesWhatTheTableHasOrSaysWhatToSwitchOn() throws Exception {
    URI nowhere = URI.create("http://127.0.0.1:1");
    try (LocalDynamoDb database = LocalDynamoDb.start();
        var _ =
            LocalEndpoints.ofThisProcess(
                    "none", new Services(nowhere, nowhere, database.endpoint(), nowhere))
                .publish(directory.resolve("endpoints.json"))) {
      create(database, "Orders", StreamViewType.NEW_IMAGE);
      create(database, "Keys", StreamViewType.KEYS_ONLY);
      create(database, "Silent", null);
      Path file = directory.resolve("orders.yaml");

      Ran written = init("Orders", "--out=" + file);
      assertThat(written.exitCode()).as(written.err()).isZero();
      assertThat(written.out()).contains("about 0 items", "npx cdk deploy -c config=" + file);
      assertThat(Files.readString(file))
          .contains("- index: \"orders\"\n", "partitionKey: \"id\"\n", "sortKey: \"at: # x\"\n")
          .containsPattern("streamArn: \"arn:aws:dynamodb:.*:table/Orders/stream/.*\"\n");

      Ran again = init("Orders", "--out=" + file);
      assertThat(again.exitCode()).isEqualTo(2);
      assertThat(again.err()).contains("exists: give another --out");
      assertThat(init("Orders", "--force --out=" + file).exitCode()).isZero();

      Ran silent = init("Silent", "--out=" + directory.resolve("no.yaml"));
      assertThat(silent.exitCode()).isEqualTo(1);
      assertThat(silent.out()).contains("is off", "StreamEnabled=true,StreamViewType=NEW_IMAGE");
      Ran keys = init("Keys", "--out=" + directory.resolve("no.yaml"));
      assertThat(keys.exitCode()).isEqualTo(1);
      assertThat(keys.out()).contains("view type KEYS_ONLY", "StreamEnabled=false");
      assertThat(directory.resolve("no.yaml")).doesNotExist();

      assertThat(init("Missing", "").exitCode()).isEqualTo(3);
      assertThat(init("Orders", "--index=A").err()).contains("must be a valid index name");
    }
  }

  private Ran init(String table, String more) {
    return DlqWorld.run(
        "init --table %s --local=%s %s"
            .formatted(table, directory.resolve("endpoints.json"), more)
            .strip());
  }

  private static void create(LocalDynamoDb database, String name, @Nullable StreamViewType view) {
    database
        .client()
        .createTable(
            table -> {
              table
                  .tableName(name)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .attributeDefinitions(
                      attribute("id", ScalarAttributeType.S),
                      attribute("at: # x", ScalarAttributeType.N))
                  .keySchema(key("id", KeyType.HASH), key("at: # x", KeyType.RANGE));
              if (view != null) {
                table.streamSpecification(s -> s.streamEnabled(true).streamViewType(view));
              }
            });
  }

  private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType role) {
    return KeySchemaElement.builder().attributeName(name).keyType(role).build();
  }
}
