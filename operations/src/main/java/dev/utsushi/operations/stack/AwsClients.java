package dev.utsushi.operations.stack;

import dev.utsushi.testbed.endpoints.EndpointsException;
import dev.utsushi.testbed.endpoints.EndpointsFile;
import dev.utsushi.testbed.endpoints.LocalEndpoints;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of a target's services. No call waits for ever. */
public final class AwsClients implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REPLY = Duration.ofSeconds(15);
  private static final Duration CALL_WITH_RETRIES = Duration.ofSeconds(40);

  /** Between a function's time-out and the moment at which nobody waits for its reply any more. */
  private static final Duration INVOCATION_MARGIN = Duration.ofSeconds(30);

  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final @Nullable LocalEndpoints local;
  private final SqsClient sqs;
  private final DynamoDbStreamsClient streams;
  private final LambdaClient lambda;

  private AwsClients(
      Region region, AwsCredentialsProvider credentials, @Nullable LocalEndpoints local) {
    this.region = region;
    this.credentials = credentials;
    this.local = local;
    Consumer<ClientOverrideConfiguration.Builder> bounded =
        override -> override.apiCallTimeout(CALL_WITH_RETRIES);
    sqs =
        with(SqsClient.builder(), local == null ? null : local.sqs(), REPLY)
            .overrideConfiguration(bounded)
            .build();
    streams =
        with(DynamoDbStreamsClient.builder(), local == null ? null : local.dynamoDb(), REPLY)
            .overrideConfiguration(bounded)
            .build();
    lambda =
        with(LambdaClient.builder(), local == null ? null : local.lambda(), REPLY)
            .overrideConfiguration(bounded)
            .build();
  }

  /**
   * Makes clients; of AWS itself nothing is asked but what finding credentials takes.
   *
   * @throws StackException if there are no credentials, no region, or no local AWS
   */
  public static AwsClients of(Target target) {
    return switch (target) {
      case Target.Deployed deployed ->
          new AwsClients(region(deployed), credentials(deployed.profile()), null);
      case Target.Local(var file) -> {
        LocalEndpoints endpoints = endpoints(file);
        yield new AwsClients(
            Region.of(endpoints.region()),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
            endpoints);
      }
    };
  }

  private static LocalEndpoints endpoints(Path file) {
    try {
      return EndpointsFile.read(file);
    } catch (EndpointsException e) {
      throw StackException.askedWrong(String.valueOf(e.getMessage()), e);
    }
  }

  private static Region region(Target.Deployed deployed) {
    String name = deployed.region();
    if (name != null) {
      return Region.of(name);
    }
    try {
      return DefaultAwsRegionProviderChain.builder()
          .profileName(deployed.profile())
          .build()
          .getRegion();
    } catch (SdkClientException e) {
      throw StackException.askedWrong(
          "no AWS region: give --region, or set AWS_REGION or a profile's region", e);
    }
  }

  private static AwsCredentialsProvider credentials(@Nullable String profile) {
    try {
      var provider = DefaultCredentialsProvider.builder().profileName(profile).build();
      provider.resolveCredentials();
      return provider;
    } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
      throw StackException.askedWrong(
          profile == null
              ? "no AWS credentials: sign in, set AWS_PROFILE, or give --profile"
              : "no AWS credentials in profile %s: sign in, or give another --profile"
                  .formatted(profile),
          e);
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B with(
      B builder, @Nullable URI endpoint, Duration reply) {
    builder
        .region(region)
        .credentialsProvider(credentials)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(reply));
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder;
  }

  public Region region() {
    return region;
  }

  /** Who we are to AWS, and to an engine that asks for its signatures. */
  public AwsCredentialsProvider credentials() {
    return credentials;
  }

  /** Where a local AWS has its engine; null for AWS itself. */
  public @Nullable URI localSearch() {
    return local == null ? null : local.search();
  }

  /**
   * A client for tables. It never tries again by itself: who wants to know how late a write was
   * counts each try, and who writes only what is not there must know which try made it.
   */
  public DynamoDbClient tables() {
    return with(DynamoDbClient.builder(), local == null ? null : local.dynamoDb(), REPLY)
        .overrideConfiguration(
            override -> override.apiCallTimeout(REPLY).retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** The stack's name; a local AWS has one of its own. */
  public String stackName(Target target) {
    return switch (target) {
      case Target.Deployed deployed -> deployed.stack();
      case Target.Local _ -> local == null ? "" : local.stack();
    };
  }

  public SqsClient sqs() {
    return sqs;
  }

  public DynamoDbStreamsClient streams() {
    return streams;
  }

  public LambdaClient lambda() {
    return lambda;
  }

  /**
   * A client for invocations that take up to so long. It never tries again by itself: a second
   * invocation beside one that is still under way would only be in its way.
   */
  public LambdaClient invoker(Duration functionTimeout) {
    Duration reply = functionTimeout.plus(INVOCATION_MARGIN);
    return with(LambdaClient.builder(), local == null ? null : local.lambda(), reply)
        .overrideConfiguration(
            override -> override.apiCallTimeout(reply).retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  @Override
  public void close() {
    try (sqs;
        streams;
        lambda) {
      // All of them.
    }
  }
}
