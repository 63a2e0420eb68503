package dev.utsushi.operations.stack;

import dev.utsushi.core.settings.Setting;
import dev.utsushi.lambda.ReplayHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/**
 * Finds a stack's streams by its replay functions: their tags name the stack, their variables name
 * everything else. So it needs no permission but Lambda's, and no file of outputs.
 */
public final class StreamFinder {
  private static final String HANDLER = ReplayHandler.class.getName() + "::handleRequest";

  /** CloudFormation puts it on everything that it makes. */
  private static final String STACK_TAG = "aws:cloudformation:stack-name";

  private final LambdaClient lambda;
  private final String region;

  public StreamFinder(LambdaClient lambda, String region) {
    this.lambda = lambda;
    this.region = region;
  }

  /**
   * The stream that is meant.
   *
   * @param index whose; may be null for a stack with one stream
   * @throws StackException if there is none, or more than one
   */
  public ReplicatedStream find(String stack, @Nullable String index) {
    Map<String, List<ReplicatedStream>> stacks = new TreeMap<>();
    for (FunctionConfiguration function : replayFunctions()) {
      String owner = stackOf(function);
      stacks.computeIfAbsent(owner, _ -> new ArrayList<>()).add(stream(owner, function));
    }
    return choose(stacks, stack, index);
  }

  private List<FunctionConfiguration> replayFunctions() {
    return AwsCalls.call(
        "lambda:ListFunctions",
        () ->
            lambda.listFunctionsPaginator().functions().stream()
                .filter(function -> HANDLER.equals(function.handler()))
                .toList());
  }

  private String stackOf(FunctionConfiguration function) {
    return AwsCalls.call(
            "lambda:ListTags",
            () -> lambda.listTags(request -> request.resource(function.functionArn())))
        .tags()
        .getOrDefault(STACK_TAG, "");
  }

  private ReplicatedStream stream(String stack, FunctionConfiguration function) {
    Map<String, String> variables =
        function.environment() == null ? Map.of() : function.environment().variables();
    return new ReplicatedStream(
        stack,
        region,
        variables.getOrDefault(Setting.INDEX.variable(), ""),
        variables.getOrDefault(Setting.TABLE_ARN.variable(), ""),
        new KeyNames(
            variables.getOrDefault(Setting.PARTITION_KEY.variable(), ""),
            variables.get(Setting.SORT_KEY.variable())),
        new SearchAccess(
            variables.getOrDefault(Setting.SEARCH_ENDPOINT.variable(), ""),
            variables.getOrDefault(Setting.SEARCH_AUTH.variable(), "sigv4"),
            variables.get(Setting.SEARCH_SECRET_ARN.variable()),
            variables.get(Setting.LAG_ATTRIBUTE.variable())),
        variables.getOrDefault(Setting.DEAD_LETTER_QUEUE_URL.variable(), ""),
        function.functionName(),
        Duration.ofSeconds(function.timeout()),
        logGroup(function));
  }

  private static String logGroup(FunctionConfiguration function) {
    return function.loggingConfig() == null || function.loggingConfig().logGroup() == null
        ? "/aws/lambda/" + function.functionName()
        : function.loggingConfig().logGroup();
  }

  private ReplicatedStream choose(
      Map<String, List<ReplicatedStream>> stacks, String stack, @Nullable String index) {
    List<ReplicatedStream> streams = stacks.getOrDefault(stack, List.of());
    if (streams.isEmpty()) {
      throw StackException.askedWrong(noStack(stacks, stack));
    }
    List<ReplicatedStream> meant =
        streams.stream().filter(it -> index == null || it.index().equals(index)).toList();
    if (meant.size() != 1) {
      throw StackException.askedWrong(
          "stack %s %s; --stream takes one of %s"
              .formatted(
                  stack,
                  index == null ? "has several streams" : "has no stream to " + index,
                  String.join(
                      ", ", streams.stream().map(ReplicatedStream::index).sorted().toList())));
    }
    return readable(meant.getFirst());
  }

  private String noStack(Map<String, List<ReplicatedStream>> stacks, String stack) {
    List<String> others = stacks.keySet().stream().filter(name -> !name.isEmpty()).toList();
    return "no stack %s with a replay function in %s: %s"
        .formatted(
            stack,
            region,
            others.isEmpty()
                ? "is it the right account and region, and deployed since there is utsushi dlq?"
                : "there is " + String.join(", ", others));
  }

  /** Lambda leaves the variables out for who may not use the key that they are encrypted with. */
  private static ReplicatedStream readable(ReplicatedStream stream) {
    if (stream.queueUrl().isEmpty() || stream.tableArn().isEmpty()) {
      throw StackException.notDone(
          "the variables of function %s can't be read: this needs kms:Decrypt for its key"
              .formatted(stream.functionName()));
    }
    return stream;
  }
}
