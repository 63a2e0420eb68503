package dev.utsushi.infra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
  private static final Path PAGE = Path.of("../docs/settings.md");
  private static final String REGENERATE =
      "docs/settings.md is stale. Regenerate it: ./mvnw test -pl infra -am -Dtest=SettingsPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dutsushi.docs=write";

  @Test
  void thePageIsTheSchemas() throws IOException {
    if ("write".equals(System.getProperty("utsushi.docs"))) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, SettingsPage.text());
    }
    assertThat(PAGE).as(REGENERATE).hasContent(SettingsPage.text());
  }

  @Test
  void itsExampleIsRight() {
    assertThat(SettingsFile.read(SettingsPage.EXAMPLE, Path.of("")))
        .isInstanceOf(SettingsFile.Outcome.Read.class);
  }
}
