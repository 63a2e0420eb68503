package dev.utsushi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

class UpTest {
  /** The shell itself says which arguments the command would get. */
  @Test
  void theItemToTryHasTheTablesKeyAndCanBePasted() throws Exception {
    String command = Up.putItem(URI.create("http://127.0.0.1:8000"), table());
    var shell =
        new ProcessBuilder("sh", "-c", "aws() { printf '%s\\n' \"$@\"; }; " + command).start();

    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8).lines())
        .containsExactly(
            "dynamodb",
            "put-item",
            "--endpoint-url",
            "http://127.0.0.1:8000",
            "--table-name",
            "Deals",
            "--item",
            "{\"deal's"
                + " \\\"id\\\"\":{\"S\":\"mine\"},\"at\":{\"N\":\"1\"},\"note\":{\"S\":\"hello\"}}");
  }

  private static TableDescription table() {
    return TableDescription.builder()
        .tableName("Deals")
        .keySchema(List.of(key("deal's \"id\"", KeyType.HASH), key("at", KeyType.RANGE)))
        .attributeDefinitions(
            List.of(
                type("at", ScalarAttributeType.N), type("deal's \"id\"", ScalarAttributeType.S)))
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition type(String name, ScalarAttributeType type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }
}
