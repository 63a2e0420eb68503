package dev.utsushi.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.deadletter.DeadLetterJson;
import dev.utsushi.core.index.IndexNames;
import dev.utsushi.operations.stack.AwsClients;
import dev.utsushi.operations.stack.AwsErrors;
import dev.utsushi.operations.stack.LocalEndpoints;
import dev.utsushi.operations.stack.StackSelector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** {@code utsushi init}. */
@Command(name = "init", header = "Writes the settings file for a table that exists.")
final class InitCommand extends UtsushiCommand {
  private static final Set<StreamViewType> WITH_NEW_IMAGES =
      Set.of(StreamViewType.NEW_IMAGE, StreamViewType.NEW_AND_OLD_IMAGES);

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "the table to copy")
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private String table;

  @Option(
      names = "--index",
      paramLabel = "INDEX",
      description = "name of the index (default: that of the table, in lower case)")
  private @Nullable String index;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the file to write (default: INDEX.yaml in the working directory)")
  private @Nullable Path out;

  @Option(names = "--force", description = "overwrite the file if it exists")
  private boolean force;

  @Mixin private AccountOptions account = new AccountOptions();

  @Option(
      names = "--local",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      preprocessor = StackOptions.Attached.class,
      description = "look at the tables of utsushi demo --keep or utsushi up on this machine")
  private @Nullable String local;

  @Mixin
  @SuppressWarnings("UnusedVariable") // CommandRunner checks whether it was given.
  private AnswerOptions.Debug debug = new AnswerOptions.Debug();

  @Override
  public Integer call() throws IOException {
    String name = index == null ? table.toLowerCase(Locale.ROOT) : index;
    if (!new IndexNames(name).isValid()) {
      throw wrong("--index: '%s' %s".formatted(name, IndexNames.RULE));
    }
    TableDescription found = describe();
    String viewType = viewType(found);
    if (!viewType.isEmpty()) {
      terminal().bad(viewType);
      return DIFFERENT;
    }
    Path file = out == null ? Path.of(name + ".yaml") : out;
    write(file, settings(found, name));
    terminal().good("%s holds the settings for table %s".formatted(file, table));
    terminal()
        .line(
            "The table has about %,d items. Utsushi copies changes: an item is indexed when it changes next."
                .formatted(found.itemCount()));
    terminal()
        .line(
            "Next: choose the cluster under 'search', then deploy: cd infra && npx cdk deploy -c config=%s"
                .formatted(file.toAbsolutePath()));
    return OK;
  }

  private TableDescription describe() {
    StackSelector place =
        local == null
            ? new StackSelector.Deployed("", account.region, account.profile, null)
            : new StackSelector.Local(
                local.isEmpty() ? LocalEndpoints.defaultFile() : Path.of(local), null);
    try (AwsClients clients = AwsClients.of(place);
        DynamoDbClient tables = clients.tables()) {
      return AwsErrors.call(
              "dynamodb:DescribeTable",
              () -> tables.describeTable(request -> request.tableName(table)))
          .table();
    }
  }

  /** Returns what to switch on; an empty text if the stream has what it takes. */
  private String viewType(TableDescription found) {
    String on =
        "aws dynamodb update-table --table-name %s --stream-specification".formatted(table)
            + " StreamEnabled=true,StreamViewType=NEW_IMAGE";
    var stream = found.streamSpecification();
    if (stream == null || !Boolean.TRUE.equals(stream.streamEnabled())) {
      return "The stream of table %s is off. Switch it on, then run this again:%n  %s"
          .formatted(table, on);
    }
    return WITH_NEW_IMAGES.contains(stream.streamViewType())
        ? ""
        : "The stream of table %s has view type %s, without new images. Switch it off and on again; its other readers must be able to follow:%n  aws dynamodb update-table --table-name %s --stream-specification StreamEnabled=false%n  %s"
            .formatted(table, stream.streamViewTypeAsString(), table, on);
  }

  private static String settings(TableDescription found, String name) throws IOException {
    String sortKey = key(found, KeyType.RANGE);
    try (InputStream text = InitCommand.class.getResourceAsStream("init.yaml")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), UTF_8)
          .formatted(
              found.tableName(),
              quoted(name),
              quoted(found.tableArn()),
              quoted(found.latestStreamArn()),
              quoted(key(found, KeyType.HASH)),
              sortKey.isEmpty() ? "" : "        sortKey: " + quoted(sortKey) + '\n');
    }
  }

  private static String key(TableDescription found, KeyType role) {
    return found.keySchema().stream()
        .filter(element -> element.keyType() == role)
        .map(KeySchemaElement::attributeName)
        .findFirst()
        .orElse("");
  }

  /** A JSON text is a YAML text, whatever characters it holds. */
  private static String quoted(String text) {
    return DeadLetterJson.write(text);
  }

  private void write(Path file, String text) throws IOException {
    try {
      if (force) {
        Files.writeString(file, text);
      } else {
        Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
      }
    } catch (FileAlreadyExistsException _) {
      throw wrong(file + " exists: give another --out, or --force to overwrite it");
    }
  }
}
