package dev.utsushi.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

class LocalAwsIT {
  private static final long PATIENCE_SECONDS = 180;

  @Test
  void startsAndStopsTwiceInOneJvmQuietlyAndLetsItEnd() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Twice.class.getName()));
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();

    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output).isEqualTo("first\nsecond\n");
    assertThat(program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).isZero();
  }

  /** A program whose servers must print nothing. */
  static final class Twice {
    private Twice() {}

    public static void main(String[] args) throws IOException {
      for (String time : List.of("first", "second")) {
        try (var aws = LocalAws.start()) {
          use(aws);
        }
        System.out.println(time);
      }
    }

    private static void use(LocalAws aws) throws IOException {
      check(aws.dynamoDb().client().listTables().tableNames().isEmpty());
      // An expression loads the parser that ANTLR warns about.
      expressionOnNoTable(aws.dynamoDb().client());
      check(aws.sqs().client().listQueues().queueUrls().isEmpty());
      var connection = (HttpURLConnection) aws.search().endpoint().toURL().openConnection();
      check(connection.getResponseCode() == 200);
    }

    private static void expressionOnNoTable(DynamoDbClient client) {
      try {
        client.scan(scan -> scan.tableName("none").filterExpression("attribute_exists(a)"));
        check(false);
      } catch (ResourceNotFoundException e) {
        // The table does not exist; only parsing the expression matters.
      }
    }

    private static void check(boolean holds) {
      if (!holds) {
        throw new AssertionError("not a fresh server");
      }
    }
  }
}
