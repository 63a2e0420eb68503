package dev.utsushi.operations.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEndpointsTest {
  @TempDir private Path directory;

  @Test
  void publishedEndpointsCanBeRead() {
    try (var file = endpoints("one", pid()).publish(path())) {
      assertThat(file).isNotNull();
      assertThat(LocalEndpoints.read(path())).isEqualTo(endpoints("one", pid()));
    }
    assertThat(path()).doesNotExist();
  }

  @Test
  void closingKeepsTheFileOfALaterProcess() {
    var first = endpoints("one", pid()).publish(path());
    var second = endpoints("two", pid()).publish(path());
    first.close();
    assertThat(LocalEndpoints.read(path()).stack()).isEqualTo("two");
    second.close();
    assertThat(path()).doesNotExist();
  }

  @Test
  void theOneThatStillRunsIsFoundWhenTheLatestHasEnded() {
    long other = ProcessHandle.current().parent().orElseThrow().pid();
    try (var first = endpoints("one", other).publish(path())) {
      assertThat(first).isNotNull();
      endpoints("two", pid()).publish(path()).close();
      assertThat(LocalEndpoints.read(path()).stack()).isEqualTo("one");
    }
    assertThatThrownBy(() -> LocalEndpoints.read(path())).isInstanceOf(OperationException.class);
  }

  @Test
  void aMissingFileMeansThatNothingRuns() {
    assertThatThrownBy(() -> LocalEndpoints.read(path()))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("no local AWS is running here")
        .hasMessageContaining("utsushi demo --keep");
  }

  @Test
  void aFileOfAnEndedProcessMeansThatNothingRuns() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    endpoints("one", gone.pid()).publish(path());
    assertThatThrownBy(() -> LocalEndpoints.read(path()))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("process " + gone.pid() + " is gone");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    for (String text : new String[] {"", "{", "[]", "{\"endpoints\":{\"lambda\":1}}"}) {
      Files.createDirectories(directory.resolve("deeper"));
      Files.writeString(path(), text);
      assertThatThrownBy(() -> LocalEndpoints.read(path()))
          .as(text)
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("is not a file of local endpoints");
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
    return new LocalEndpoints(
        stack, "us-east-1", pid, new LocalEndpoints.Services(any, any, any, any));
  }
}
