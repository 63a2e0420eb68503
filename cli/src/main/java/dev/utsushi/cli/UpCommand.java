package dev.utsushi.cli;

import dev.utsushi.cli.up.Bound;
import dev.utsushi.cli.up.Up;
import dev.utsushi.local.template.Template;
import dev.utsushi.local.template.TemplateException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code utsushi up}. */
@Command(
    name = "up",
    description = {
      "Runs a synthesized CloudFormation template on this machine, without AWS: its tables and"
          + " streams, functions, event source mappings and queues, and an OpenSearch for its"
          + " search domain. What can't run here as it says is refused by name."
    },
    exitCodeList = {
      "2:wrong usage",
      "3:the template is refused, or something could not be started",
      "130:interrupted, which is how it ends"
    },
    footer = {
      "",
      "Examples:",
      "  cd infra && npx cdk synth && cd ..",
      "  utsushi up --template infra/cdk.out/utsushi.template.json",
      "  utsushi up --template t.json --table arn:aws:dynamodb:…:table/deals/stream/…=dealId,at:N"
    })
final class UpCommand extends UtsushiCommand {
  @Option(
      names = "--template",
      paramLabel = "FILE",
      required = true,
      description = "the template in JSON; the manifest of its assets lies beside it")
  @SuppressWarnings("NullAway.Init") // picocli fills it
  private Path template;

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "the value of a template parameter; may be repeated")
  private Map<String, String> parameters = Map.of();

  @Option(
      names = "--table",
      paramLabel = "STREAM-ARN=KEY[:TYPE][,KEY[:TYPE]]",
      description =
          "makes an empty table for one that the template imports: its partition key, then its sort"
              + " key, of type S, N or B (default S); may be repeated")
  private Map<String, String> tables = Map.of();

  @Option(
      names = "--search-endpoint",
      paramLabel = "URL",
      description =
          "a search endpoint that the template does not make, to be the OpenSearch here; may be"
              + " repeated")
  private List<String> searchEndpoints = List.of();

  @Option(
      names = "--debug",
      description = "show the functions' log lines, and stack traces of failures")
  private boolean debug;

  @Override
  public Integer call() throws InterruptedException {
    Bound bound = valid(() -> Bound.of(parameters, tables, searchEndpoints));
    try {
      new Up(Template.read(template), bound, debug, terminal()).run();
      return OK;
    } catch (TemplateException refused) {
      refused.problems().forEach(spec().commandLine().getErr()::println);
      return NOT_DONE;
    }
  }
}
