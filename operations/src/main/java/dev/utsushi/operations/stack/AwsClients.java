package dev.utsushi.operations.stack;

import dev.utsushi.operations.stack.LocalEndpoints.Services;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The AWS clients of a stack, with the operator's credentials. Every call has a time limit. */
public final class AwsClients implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration REPLY = Duration.ofSeconds(15);
  private static final Duration CALL_WITH_RETRIES = Duration.ofSeconds(40);

  /** Added to a function's time limit, so that its reply still arrives. */
  private static final Duration INVOCATION_MARGIN = Duration.ofSeconds(30);

  private final String stack;
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final @Nullable Services local;
  private final SqsClient sqs;
  private final DynamoDbStreamsClient streams;
  private final LambdaClient lambda;

  private AwsClients(
      String stack, Region region, AwsCredentialsProvider credentials, @Nullable Services local) {
    this.stack = stack;
    this.region = region;
    this.credentials = credentials;
    this.local = local;
    sqs = withRetries(SqsClient.builder(), Services::sqs);
    streams = withRetries(DynamoDbStreamsClient.builder(), Services::dynamodb);
    lambda = withRetries(LambdaClient.builder(), Services::lambda);
  }

  /**
   * Makes the clients. Nothing is sent, except to find credentials.
   *
   * @throws OperationException if there are no credentials, no region, or no local AWS
   */
  public static AwsClients of(StackSelector selector) {
    return switch (selector) {
      case StackSelector.Deployed(var stack, var region, var profile, _) ->
          new AwsClients(stack, region(region, profile), credentials(profile), null);
      case StackSelector.Local(var file, _) -> {
        LocalEndpoints endpoints = LocalEndpoints.read(file);
        yield new AwsClients(
            endpoints.stack(),
            Region.of(endpoints.region()),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
            endpoints.endpoints());
      }
    };
  }

  private static Region region(@Nullable String name, @Nullable String profile) {
    if (name != null) {
      return Region.of(name);
    }
    try {
      return DefaultAwsRegionProviderChain.builder().profileName(profile).build().getRegion();
    } catch (SdkClientException e) {
      throw OperationException.usage(
          "no AWS region: give --region, or set AWS_REGION or the region of the profile", e);
    }
  }

  private static AwsCredentialsProvider credentials(@Nullable String profile) {
    try {
      var provider = DefaultCredentialsProvider.builder().profileName(profile).build();
      provider.resolveCredentials();
      return provider;
    } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
      throw OperationException.usage(
          profile == null
              ? "no AWS credentials: sign in, set AWS_PROFILE, or give --profile"
              : "no AWS credentials in profile %s: sign in, or give another --profile"
                  .formatted(profile),
          e);
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C withRetries(
      B builder, Function<Services, URI> service) {
    return configured(builder, service, REPLY)
        .overrideConfiguration(override -> override.apiCallTimeout(CALL_WITH_RETRIES))
        .build();
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C withoutRetries(
      B builder, Function<Services, URI> service, Duration reply) {
    return configured(builder, service, reply)
        .overrideConfiguration(
            override -> override.apiCallTimeout(reply).retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder, Function<Services, URI> service, Duration reply) {
    if (local != null) {
      builder.endpointOverride(service.apply(local));
    }
    return builder
        .region(region)
        .credentialsProvider(credentials)
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(reply));
  }

  /** Returns the name of the stack. */
  public String stack() {
    return stack;
  }

  public Region region() {
    return region;
  }

  public AwsCredentialsProvider credentials() {
    return credentials;
  }

  /** Returns the endpoints of the local AWS, or null for AWS itself. */
  public @Nullable Services local() {
    return local;
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

  /** Makes a client for tables. The caller closes it. */
  public DynamoDbClient tables() {
    return withRetries(DynamoDbClient.builder(), Services::dynamodb);
  }

  /**
   * Makes a client for invocations of a function with this time limit. It never retries, since a
   * second invocation would run beside the first. The caller closes it.
   */
  public LambdaClient invoker(Duration functionTimeout) {
    return withoutRetries(
        LambdaClient.builder(), Services::lambda, functionTimeout.plus(INVOCATION_MARGIN));
  }

  @Override
  public void close() {
    try (sqs;
        streams;
        lambda) {
      // Closes all of them, whatever one of them throws.
    }
  }
}
