package dev.utsushi.cli;

import dev.utsushi.local.template.Bindings;
import dev.utsushi.local.template.Bindings.KeyAttribute;
import dev.utsushi.local.template.Template;
import dev.utsushi.local.template.TemplateException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** {@code utsushi up}. */
@Command(
    name = "up",
    header = "Runs a synthesized CloudFormation template on this machine, without AWS.")
final class UpCommand extends UtsushiCommand {

  @Option(
      names = "--template",
      paramLabel = "FILE",
      required = true,
      description = "the template in JSON, in a directory with the manifest of its assets")
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private Path template;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "value of a template parameter; may be repeated")
  private Map<String, String> parameters = Map.of();

  @Option(
      names = "--table",
      paramLabel = "STREAM-ARN=KEY[:TYPE][,KEY[:TYPE]]",
      description =
          "creates an empty table in place of one that the template imports by stream ARN:"
              + " partition key and sort key, of type S, N or B (default: S); may be repeated")
  private Map<String, String> tables = Map.of();

  @Option(
      names = "--search-endpoint",
      paramLabel = "URL",
      description =
          "URL of a search engine that the template does not create; the functions reach the local"
              + " OpenSearch instead; may be repeated")
  private List<String> searchEndpoints = List.of();

  @Option(
      names = "--enforce-permissions",
      description =
          "deny what the template's policies do not allow its functions, as AWS would, and say"
              + " which permission is missing; needs Node.js")
  private boolean enforcesPermissions;

  @Option(
      names = "--debug",
      description = "print the functions' log lines, and stack traces of failures")
  private boolean debug;

  @Override
  public Integer call() throws InterruptedException {
    Bindings bindings = valid(this::bindings);
    try {
      new Up(Template.read(template), bindings, terminal()).run();
      return OK;
    } catch (TemplateException refused) {
      refused.problems().forEach(spec().commandLine().getErr()::println);
      return NOT_DONE;
    }
  }

  private Bindings bindings() {
    Bindings bindings =
        Bindings.none()
            .withParameters(parameters)
            .withSearchEndpoints(Set.copyOf(searchEndpoints))
            .withEnforcesPermissions(enforcesPermissions);
    for (var table : tables.entrySet()) {
      bindings = bindings.withTable(table.getKey(), keys(table.getValue()));
    }
    return debug
        ? bindings.withLog(
            line -> terminal().line("[%s] %s".formatted(line.functionName(), line.text())))
        : bindings;
  }

  private static List<KeyAttribute> keys(String text) {
    List<KeyAttribute> keys = Arrays.stream(text.split(",", -1)).map(UpCommand::key).toList();
    if (keys.size() > 2) {
      throw new IllegalArgumentException("a table has one or two keys, not " + text);
    }
    return keys;
  }

  private static KeyAttribute key(String text) {
    String[] parts = text.split(":", -1);
    var type = parts.length == 1 ? ScalarAttributeType.S : ScalarAttributeType.fromValue(parts[1]);
    if (parts.length > 2
        || parts[0].isBlank()
        || !ScalarAttributeType.knownValues().contains(type)) {
      throw new IllegalArgumentException(
          "a key is NAME or NAME:TYPE with type S, N or B, not '" + text + "'");
    }
    return new KeyAttribute(parts[0], type);
  }
}
