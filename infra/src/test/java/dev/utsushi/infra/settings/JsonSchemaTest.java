package dev.utsushi.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  private static final Path SCHEMA = Path.of("utsushi.schema.json");

  /** {@code -Dutsushi.schema=write} writes it, after a change to the shape. */
  @Test
  void theSchemaThatShipsIsTheReadersShape() throws IOException {
    if ("write".equals(System.getProperty("utsushi.schema"))) {
      Files.writeString(SCHEMA, JsonSchema.text());
    }
    assertThat(SCHEMA)
        .as("mend it as infra/README.md says under Develop")
        .hasContent(JsonSchema.text());
  }
}
