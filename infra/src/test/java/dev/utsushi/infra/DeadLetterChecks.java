package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.core.deadletter.ReplayReply;
import dev.utsushi.core.deadletter.ReplayReply.Stopped;
import dev.utsushi.core.deadletter.ReplayRequest;
import dev.utsushi.core.index.Outcome;
import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.ReplayHandler;
import dev.utsushi.local.template.RunningTemplate;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What a running stack's capture and replay must do, as an operator meets them. */
final class DeadLetterChecks implements AutoCloseable {
  private static final String HANDLER = ReplayHandler.class.getName() + "::handleRequest";
  private static final String STACK_TAG = "aws:cloudformation:stack-name";

  /** Of the failure queue's redrive policy. */
  private static final int MAXIMUM_RECEIVES = 5;

  private final ReplicationChecks replication;
  private final RunningTemplate running;
  private final LambdaClient lambda;
  private int receives;

  DeadLetterChecks(ReplicationChecks replication) {
    this.replication = replication;
    running = replication.running();
    lambda =
        LambdaClient.builder()
            .endpointOverride(running.lambdaApi().endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
  }

  ReplicationChecks replication() {
    return replication;
  }

  void nothingToReplayIsSaidSo(String stream) {
    ReplayReply reply = replay(stream);

    assertThat(reply.stopped()).isEqualTo(Stopped.EMPTY);
    assertThat(reply.totals().messages()).isZero();
  }

  /** The cause of a failure is gone when capture writes. */
  void aSecondChanceLeavesNoDeadLetter(String stream) throws Exception {
    replication.aChangeReachesTheIndex(stream);

    String id = replication.putWithoutAnAlias(stream);
    var counters = replication.mapping(stream).running();
    replication.await(
        "a message about a failure", () -> counters.counters().deliveredRecords() == 1);
    replication.restoreAlias(stream);

    var capture = replication.captureMapping(stream);
    replication.await("a capture", () -> capture.running().counters().deletedMessages() == 1);
    replication.isInTheIndex(stream, id);
    assertThat(depth(running, stream + "DeadLetters")).isZero();
  }

  /** A replay after the cause of a failure is gone. */
  void replayAppliesWhatWasCaptured(String stream, String id) throws Exception {
    replication.await("an empty queue of failures", () -> depth(running, stream + "Failures") == 0);
    replication.restoreAlias(stream);

    ReplayReply reply = replay(stream);

    assertThat(reply.totals().count(Outcome.Kind.APPLIED)).as(reply.toJson()).isEqualTo(1);
    assertThat(reply.totals().deleted()).isEqualTo(1);
    assertThat(depth(running, stream + "DeadLetters")).isZero();
    replication.isInTheIndex(stream, id);
  }

  /** Nobody else may take from the queue of failures meanwhile. */
  void whatCaptureNeverTakesIsADeadLetter(String stream) throws Exception {
    SqsClient sqs = running.aws().sqs().client();
    String failures = ReplicationChecks.queueUrl(running, stream + "Failures");
    sqs.sendMessage(request -> request.queueUrl(failures).messageBody("verbatim"));

    replication.await(
        "a dead letter of " + stream,
        () -> {
          receives +=
              sqs.receiveMessage(r -> r.queueUrl(failures).visibilityTimeout(0)).messages().size();
          return depth(running, stream + "DeadLetters") == 1;
        });
  }

  /** Whether the message was received more often than a redrive allows. */
  boolean isReceivedTooOften() {
    return receives > MAXIMUM_RECEIVES;
  }

  private ReplayReply replay(String stream) {
    InvokeResponse response =
        lambda.invoke(
            request ->
                request
                    .functionName(replayFunction(stream))
                    .payload(SdkBytes.fromUtf8String(ReplayRequest.ALL.toJson())));
    assertThat(response.functionError()).as(response.payload().asUtf8String()).isNull();
    return ReplayReply.parse(response.payload().asUtf8String());
  }

  /** By what Lambda's API tells of the stack's functions. */
  private String replayFunction(String index) {
    List<String> names =
        lambda.listFunctionsPaginator().functions().stream()
            .filter(function -> HANDLER.equals(function.handler()))
            .filter(function -> isOf(function, index))
            .map(FunctionConfiguration::functionName)
            .toList();
    assertThat(names).as("replay functions of " + index).hasSize(1);
    return names.getFirst();
  }

  private boolean isOf(FunctionConfiguration function, String index) {
    var tags = lambda.listTags(request -> request.resource(function.functionArn())).tags();
    return running.stackName().equals(tags.get(STACK_TAG))
        && index.equals(function.environment().variables().get(Setting.INDEX.variable()));
  }

  /** Messages in a queue, hidden ones too. */
  private static int depth(RunningTemplate running, String prefix) {
    String url = ReplicationChecks.queueUrl(running, prefix);
    return running
        .aws()
        .sqs()
        .client()
        .getQueueAttributes(
            request ->
                request
                    .queueUrl(url)
                    .attributeNames(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .attributes()
        .values()
        .stream()
        .mapToInt(Integer::parseInt)
        .sum();
  }

  @Override
  public void close() {
    lambda.close();
    replication.close();
  }
}
