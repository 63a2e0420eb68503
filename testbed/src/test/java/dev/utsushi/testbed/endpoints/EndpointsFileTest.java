package dev.utsushi.testbed.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsFileTest {
  @TempDir private Path directory;

  @Test
  void whatIsWrittenIsRead() {
    try (var file = EndpointsFile.write(path(), endpoints("one", pid()))) {
      assertThat(file).isNotNull();
      assertThat(EndpointsFile.read(path())).isEqualTo(endpoints("one", pid()));
    }
    assertThat(path()).doesNotExist();
  }

  @Test
  void whatAnotherHasWrittenSinceStays() {
    var first = EndpointsFile.write(path(), endpoints("one", pid()));
    var second = EndpointsFile.write(path(), endpoints("two", pid()));
    first.close();
    assertThat(EndpointsFile.read(path()).stack()).isEqualTo("two");
    second.close();
    assertThat(path()).doesNotExist();
  }

  @Test
  void withoutAFileNothingRuns() {
    assertThatThrownBy(() -> EndpointsFile.read(path()))
        .isInstanceOf(EndpointsException.class)
        .hasMessageContaining("no local AWS runs here")
        .hasMessageContaining("utsushi demo --keep");
  }

  @Test
  void ofAProcessThatIsGoneNothingRuns() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    EndpointsFile.write(path(), endpoints("one", gone.pid()));
    assertThatThrownBy(() -> EndpointsFile.read(path()))
        .isInstanceOf(EndpointsException.class)
        .hasMessageContaining("process " + gone.pid() + " is gone");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    for (String text : new String[] {"", "{", "[]", "{\"endpoints\":{\"lambda\":1}}"}) {
      Files.createDirectories(directory.resolve("deeper"));
      Files.writeString(path(), text);
      assertThatThrownBy(() -> EndpointsFile.read(path()))
          .as(text)
          .isInstanceOf(EndpointsException.class)
          .hasMessageContaining("is no file of local endpoints");
    }
  }

  private Path path() {
    return directory.resolve("deeper/local-aws.json");
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private static LocalEndpoints endpoints(String stack, long pid) {
    URI any = URI.create("http://127.0.0.1:1");
    return new LocalEndpoints(stack, "us-east-1", pid, any, any, any, any);
  }
}
