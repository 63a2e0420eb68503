package dev.utsushi.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.utsushi.local.LocalServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

@SuppressWarnings("NullAway.Init") // JUnit starts the server before any test.
class LocalKinesisIT {
  private static LocalKinesis kinesis;

  @BeforeAll
  static void start() {
    kinesis = LocalKinesis.start();
  }

  @AfterAll
  static void stop() {
    kinesis.close();
  }

  @Test
  void keepsRecordsWithTheirPartitionKeysAndBytes() {
    String arn = kinesis.createStream("records", 1);
    assertThat(arn).isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/records");
    byte[] data = {0, (byte) 0xff, '{'};
    KinesisClient client = kinesis.client();
    client.putRecord(
        put -> put.streamARN(arn).partitionKey("key").data(SdkBytes.fromByteArray(data)));

    String shard = client.listShards(list -> list.streamARN(arn)).shards().getFirst().shardId();
    String iterator =
        client
            .getShardIterator(
                get ->
                    get.streamARN(arn)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    var records = client.getRecords(get -> get.streamARN(arn).shardIterator(iterator)).records();

    assertThat(records).hasSize(1);
    assertThat(records.getFirst().partitionKey()).isEqualTo("key");
    assertThat(records.getFirst().data().asByteArray()).isEqualTo(data);
  }

  @Test
  void listensOnLoopbackOnly() {
    assertThat(kinesis.endpoint().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void leavesNothingBehindWhenTheJvmThatStartedItDies(@TempDir Path temporary) throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Orphaning.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(parent.inputReader().readLine()).isEqualTo("started");
    ProcessHandle server = parent.children().findFirst().orElseThrow();

    parent.destroyForcibly();

    assertThat(server.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void twoInstallAtTheSameTimeAndALaterOneNeedsNoNpm(@TempDir Path cache) throws Exception {
    var other = CompletableFuture.supplyAsync(() -> installed(cache, "npm"));
    Path folder = installed(cache, "npm");

    assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo(folder);
    assertThat(folder.resolve("node_modules/kinesis-local/main.js")).isRegularFile();
    assertThat(installed(cache, "no-such-program")).isEqualTo(folder);
  }

  @Test
  void withoutNodeTheErrorSaysWhatToInstall(@TempDir Path cache) {
    assertThatThrownBy(() -> LocalKinesis.PACKAGE.installed(cache, "no-such-program"))
        .isInstanceOf(LocalServerException.class)
        .hasMessageContaining("install version 20 or later");
  }

  @Test
  void aFailingInstallationIsReportedWithItsOutputAndTriedAgain(@TempDir Path cache)
      throws Exception {
    Path npm = Files.writeString(cache.resolve("npm"), "#!/bin/sh\necho no registry; exit 1\n");
    assertThat(npm.toFile().setExecutable(true)).isTrue();

    assertThatThrownBy(() -> LocalKinesis.PACKAGE.installed(cache, npm.toString()))
        .isInstanceOf(LocalServerException.class)
        .hasMessageContaining("npm ping")
        .hasMessageContaining("no registry");
    assertThat(installed(cache, "npm")).exists();
  }

  private static Path installed(Path cache, String npm) {
    try {
      return LocalKinesis.PACKAGE.installed(cache, npm);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A program that starts a server and waits to be killed. */
  static final class Orphaning {
    private Orphaning() {}

    public static void main(String[] args) throws IOException {
      LocalKinesis.start();
      System.out.println("started");
      while (System.in.read() >= 0) {
        // The test never writes: this waits until it is killed.
      }
    }
  }
}
