package dev.utsushi.operations.stack;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.lambda.RunHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * Finds the streams of a stack by their replay functions: tags name the stack, variables everything
 * else. It needs only Lambda's permissions, and no file of outputs.
 */
public record StreamFinder(AwsClients clients) {
  /** CloudFormation tags every resource with it. */
  private static final String STACK_TAG = "aws:cloudformation:stack-name";

  /**
   * Finds a stream.
   *
   * @param index the index of the stream, or that and one of its targets with a slash between them;
   *     null selects the only stream of the stack
   * @throws OperationException if there is no such stream, or several match
   */
  public DeployedStream find(@Nullable String index) {
    List<DeployedStream> streams = findAll();
    List<DeployedStream> matching = matching(streams, index);
    if (matching.size() != 1) {
      throw noSingle(streams, index);
    }
    return matching.getFirst();
  }

  /**
   * Finds the stream to this index, or every stream of the stack.
   *
   * @param index null for all of them
   * @throws OperationException if there is no such stream
   */
  public List<DeployedStream> findAll(@Nullable String index) {
    List<DeployedStream> streams = findAll();
    List<DeployedStream> matching = matching(streams, index);
    if (matching.isEmpty()) {
      throw noSingle(streams, index);
    }
    return matching;
  }

  private List<DeployedStream> findAll() {
    Map<String, List<DeployedStream>> stacks =
        functions(clients, ReplayHandler.class)
            .map(this::stream)
            .collect(groupingBy(DeployedStream::stack, TreeMap::new, toList()));
    List<DeployedStream> streams = stacks.getOrDefault(clients.stack(), List.of());
    if (streams.isEmpty()) {
      throw OperationException.usage(noStack(stacks));
    }
    return streams;
  }

  /** A stream is named by its first index; another one follows behind a slash. */
  private static List<DeployedStream> matching(
      List<DeployedStream> streams, @Nullable String index) {
    int slash = index == null ? -1 : index.indexOf('/');
    String name = index == null || slash < 0 ? index : index.substring(0, slash);
    String target = index == null || slash < 0 ? null : index.substring(slash + 1);
    return streams.stream()
        .filter(it -> name == null || it.index().equals(name))
        .map(StreamFinder::readable)
        .map(it -> it.with(target))
        .toList();
  }

  /** Returns the functions with this handler, of every stack. */
  static Stream<FunctionConfiguration> functions(AwsClients clients, Class<?> handler) {
    String name = handler.getName() + "::handleRequest";
    return AwsErrors.call(
        "lambda:ListFunctions",
        () ->
            clients.lambda().listFunctionsPaginator().functions().stream()
                .filter(function -> name.equals(function.handler()))
                .toList()
                .stream());
  }

  /**
   * Returns the variables of the function that works on a stream's backfills and verifications.
   *
   * @throws OperationException if the stack has none
   */
  public Map<String, String> workerVariables(DeployedStream stream) {
    return functions(clients, RunHandler.class)
        .filter(function -> isOf(function, stream))
        .filter(function -> stackOf(function).equals(stream.stack()))
        .map(function -> function.environment().variables())
        .findFirst()
        .orElseThrow(
            () ->
                OperationException.usage(
                    "stack %s has no function for backfills: deploy it again with this version"
                        .formatted(stream.stack())));
  }

  /** Returns whether a function belongs to the index of a stream. */
  static boolean isOf(FunctionConfiguration function, DeployedStream stream) {
    return function.environment() != null
        && stream.index().equals(function.environment().variables().get(Setting.INDEX.variable()));
  }

  private String stackOf(FunctionConfiguration function) {
    return AwsErrors.call(
            "lambda:ListTags",
            () -> clients.lambda().listTags(request -> request.resource(function.functionArn())))
        .tags()
        .getOrDefault(STACK_TAG, "");
  }

  private DeployedStream stream(FunctionConfiguration function) {
    Map<String, String> variables =
        function.environment() == null ? Map.of() : function.environment().variables();
    return new DeployedStream(
        stackOf(function),
        clients.region(),
        text(variables, Setting.INDEX),
        text(variables, Setting.TABLE_ARN),
        variables.get(Setting.KINESIS_STREAM_ARN.variable()),
        new KeySchema(
            text(variables, Setting.PARTITION_KEY), variables.get(Setting.SORT_KEY.variable())),
        variables.get(Setting.LAG_ATTRIBUTE.variable()),
        variables.get(Setting.FILTER_PATTERNS.variable()),
        new DeployedStream.Search(
            text(variables, Setting.SEARCH_ENDPOINT),
            variables.getOrDefault(Setting.SEARCH_AUTH.variable(), "sigv4"),
            variables.get(Setting.SEARCH_SECRET_ARN.variable())),
        text(variables, Setting.DEAD_LETTER_QUEUE_URL),
        function.functionName(),
        Duration.ofSeconds(function.timeout()),
        logGroup(function),
        null);
  }

  private static String text(Map<String, String> variables, Setting setting) {
    return variables.getOrDefault(setting.variable(), "");
  }

  private static String logGroup(FunctionConfiguration function) {
    return function.loggingConfig() == null || function.loggingConfig().logGroup() == null
        ? "/aws/lambda/" + function.functionName()
        : function.loggingConfig().logGroup();
  }

  private OperationException noSingle(List<DeployedStream> streams, @Nullable String index) {
    return OperationException.usage(
        "stack %s %s; --stream takes one of %s"
            .formatted(
                clients.stack(),
                index == null ? "has several streams" : "has no stream to " + index,
                String.join(", ", streams.stream().map(DeployedStream::index).sorted().toList())));
  }

  private String noStack(Map<String, List<DeployedStream>> stacks) {
    List<String> others = stacks.keySet().stream().filter(name -> !name.isEmpty()).toList();
    return "no stack %s with a replay function in %s: %s"
        .formatted(
            clients.stack(),
            clients.region(),
            others.isEmpty()
                ? "check the account and the region; a stack of an older version has to be deployed"
                    + " again"
                : "there is " + String.join(", ", others));
  }

  /** Lambda omits the variables for callers who may not use the key that encrypts them. */
  private static DeployedStream readable(DeployedStream stream) {
    if (stream.queueUrl().isEmpty() || stream.tableArn().isEmpty()) {
      throw OperationException.failed(
          "can't read the variables of function %s: this needs kms:Decrypt for its key"
              .formatted(stream.functionName()));
    }
    return stream;
  }
}
