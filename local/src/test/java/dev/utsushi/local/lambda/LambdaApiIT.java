package dev.utsushi.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.utsushi.local.TestCode;
import dev.utsushi.local.handlers.ScriptedHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

/** Uses the AWS SDK's client. */
class LambdaApiIT {
  private static final LambdaConfiguration SCRIPTED =
      LambdaConfiguration.of(
              "scripted", TestCode.classPath(), ScriptedHandler.class.getName() + "::handleRequest")
          .withEnvironment(Map.of("OWN", "1"))
          .withMemoryMegabytes(128)
          .withTimeout(Duration.ofSeconds(3));

  private static LambdaApi api;
  private static LambdaClient lambda;
  private static List<LambdaFunction> functions;

  @BeforeAll
  static void start() {
    api = LambdaApi.start();
    lambda =
        LambdaClient.builder()
            .endpointOverride(api.endpoint())
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build();
    var scripted = new LambdaFunction(SCRIPTED);
    var blocked =
        new LambdaFunction(
            LambdaConfiguration.of("blocked", TestCode.classPath(), "gone.Handler::handleRequest")
                .withReservedConcurrency(0));
    functions = List.of(scripted, blocked);
    api.add(scripted, Map.of("aws:cloudformation:stack-name", "mine"));
    api.add(blocked, Map.of());
  }

  @AfterAll
  static void stop() {
    lambda.close();
    api.close();
    functions.forEach(LambdaFunction::close);
  }

  @Test
  void invokesAndRepliesWithTheHandlersResult() {
    InvokeResponse reply = invoke("scripted", "{\"do\":\"echo\",\"text\":\"写し\"}");

    assertThat(reply.payload().asUtf8String()).isEqualTo("{\"do\":\"echo\",\"text\":\"写し\"}");
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.functionError()).isNull();
    assertThat(reply.executedVersion()).isEqualTo("$LATEST");
  }

  @Test
  void findsAFunctionByNameAndByArn() {
    assertThat(invoke(SCRIPTED.arn(), "{\"do\":\"echo\"}").functionError()).isNull();
    assertThat(invoke("scripted:live", "{\"do\":\"echo\"}").functionError()).isNull();
  }

  @Test
  void aFailingFunctionIsASuccessOfTheApiThatSaysSo() {
    InvokeResponse reply = invoke("scripted", "{\"do\":\"throw\"}");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.functionError()).isEqualTo("Unhandled");
    assertThat(reply.payload().asUtf8String())
        .contains("\"errorMessage\":\"told to\"", "java.lang.IllegalStateException");
  }

  @Test
  void aTimeOutAndACrashAreFunctionErrorsToo() {
    InvokeResponse timedOut = invoke("scripted", "{\"do\":\"hang\"}");
    InvokeResponse crashed = invoke("scripted", "{\"do\":\"exit\"}");

    assertThat(timedOut.functionError()).isEqualTo("Unhandled");
    assertThat(timedOut.payload().asUtf8String())
        .contains("Sandbox.Timedout", "Task timed out after 3.00 seconds");
    assertThat(crashed.functionError()).isEqualTo("Unhandled");
    assertThat(crashed.payload().asUtf8String()).contains("Runtime.ExitError", "exit status 3");
  }

  @Test
  void aThrottledInvocationIsAnException() {
    assertThatExceptionOfType(TooManyRequestsException.class)
        .isThrownBy(() -> invoke("blocked", "{}"))
        .satisfies(
            e ->
                assertThat(e.reasonAsString())
                    .isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded"));
  }

  @Test
  void anUnknownFunctionIsAnException() {
    assertThatExceptionOfType(ResourceNotFoundException.class)
        .isThrownBy(() -> invoke("nobody", "{}"))
        .withMessageContaining("Function not found: nobody");
    assertThatExceptionOfType(ResourceNotFoundException.class)
        .isThrownBy(() -> lambda.listTags(r -> r.resource(SCRIPTED.arn() + "x")));
  }

  @Test
  void aPayloadThatIsNotJsonAndAnAsynchronousInvocationAreRefused() {
    assertThatExceptionOfType(InvalidRequestContentException.class)
        .isThrownBy(() -> invoke("scripted", "{"));
    assertThatExceptionOfType(InvalidParameterValueException.class)
        .isThrownBy(
            () ->
                lambda.invoke(
                    r -> r.functionName("scripted").invocationType(InvocationType.EVENT)));
  }

  @Test
  void listsFunctionsWithTheirConfiguration() {
    var listed = lambda.listFunctionsPaginator().functions().stream().toList();

    assertThat(listed)
        .extracting(FunctionConfiguration::functionName)
        .containsExactly("blocked", "scripted");
    FunctionConfiguration scripted = listed.getLast();
    assertThat(scripted.handler()).isEqualTo(SCRIPTED.handler());
    assertThat(scripted.functionArn()).isEqualTo(SCRIPTED.arn());
    assertThat(scripted.environment().variables()).isEqualTo(Map.of("OWN", "1"));
    assertThat(scripted.timeout()).isEqualTo(3);
  }

  @Test
  void listsAFunctionsTags() {
    assertThat(lambda.listTags(r -> r.resource(SCRIPTED.arn())).tags())
        .isEqualTo(Map.of("aws:cloudformation:stack-name", "mine"));
  }

  private static InvokeResponse invoke(String function, String payload) {
    return lambda.invoke(r -> r.functionName(function).payload(SdkBytes.fromUtf8String(payload)));
  }
}
