package dev.utsushi.operations.stack;

import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.AwsJsonApi;
import dev.utsushi.core.search.SocketCaller;
import dev.utsushi.operations.stack.LocalEndpoints.Services;
import dev.utsushi.stream.RangeReader;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
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
  private final Access access;
  private final SqsClient sqs;
  private final DynamoDbStreamsClient streams;
  private final LambdaClient lambda;

  private AwsClients(String stack, Access access) {
    this.stack = stack;
    this.access = access;
    sqs = access.client(SqsClient.builder(), Services::sqs);
    streams = access.client(DynamoDbStreamsClient.builder(), Services::dynamodb);
    lambda = access.client(LambdaClient.builder(), Services::lambda);
  }

  /**
   * How to reach AWS.
   *
   * @param profile null for the default profile
   * @param local the endpoints of the local AWS; null for AWS itself
   */
  private record Access(
      Region region,
      AwsCredentialsProvider credentials,
      @Nullable String profile,
      @Nullable Services local) {

    /** Creates a client that retries. */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
        B builder, Function<Services, URI> service) {
      return configured(builder, service, REPLY)
          .overrideConfiguration(override -> override.apiCallTimeout(CALL_WITH_RETRIES))
          .build();
    }

    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
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
  }

  /**
   * Creates the clients. It sends nothing, except to find credentials.
   *
   * @throws OperationException if there are no credentials, no region, or no local AWS
   */
  public static AwsClients of(StackSelector selector) {
    return switch (selector) {
      case StackSelector.Deployed(var stack, var region, var profile, _) ->
          new AwsClients(
              stack, new Access(region(region, profile), credentials(profile), profile, null));
      case StackSelector.Local(var file, _) -> {
        LocalEndpoints endpoints = LocalEndpoints.read(file);
        yield new AwsClients(
            endpoints.stack(),
            new Access(
                Region.of(endpoints.region()),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")),
                null,
                endpoints.endpoints()));
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

  /** Returns the name of the stack. */
  public String stack() {
    return stack;
  }

  String region() {
    return access.region().id();
  }

  public SqsClient sqs() {
    return sqs;
  }

  public DynamoDbStreamsClient streams() {
    return streams;
  }

  /** Returns the API of Kinesis, to read records of dead letters. */
  public AwsJsonApi kinesis() {
    String region = access.region().id();
    URI endpoint =
        access.local() == null ? AwsJsonApi.endpoint("kinesis", region) : access.local().kinesis();
    return new AwsJsonApi(
        endpoint,
        RangeReader.KINESIS_API,
        new SocketCaller(),
        Authorization.sigV4(access.credentials(), region, "kinesis"));
  }

  public LambdaClient lambda() {
    return lambda;
  }

  /** Creates a client for tables. The caller closes it. */
  public DynamoDbClient tables() {
    return access.client(DynamoDbClient.builder(), Services::dynamodb);
  }

  /**
   * Creates a client for invocations of a function with this time limit. It never retries, since a
   * second invocation would run beside the first. The caller closes it.
   */
  public LambdaClient invoker(Duration functionTimeout) {
    Duration reply = functionTimeout.plus(INVOCATION_MARGIN);
    return access
        .configured(LambdaClient.builder(), Services::lambda, reply)
        .overrideConfiguration(
            override -> override.apiCallTimeout(reply).retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Returns where the search engine of a stream answers. */
  public URI searchEndpoint(DeployedStream stream) {
    return access.local() == null
        ? URI.create(stream.search().endpoint())
        : access.local().search();
  }

  /**
   * Returns the authorization for the search engine of a stream. It sends nothing.
   *
   * @throws OperationException if the stream's configuration is that of another version
   */
  public Authorization searchAuthorization(DeployedStream stream) {
    DeployedStream.Search search = stream.search();
    if (access.local() != null) {
      return Authorization.NONE;
    }
    return switch (search.auth().toLowerCase(Locale.ROOT)) {
      case "sigv4" -> Authorization.sigV4(access.credentials(), access.region().id());
      case "basic" -> Authorization.basic(secret(search));
      case "apikey" -> Authorization.apiKey(secret(search));
      case "none" -> Authorization.NONE;
      default ->
          throw OperationException.failed(
              "unknown UTSUSHI_SEARCH_AUTH '%s': the function and this command have different versions"
                  .formatted(search.auth()));
    };
  }

  /** The core reads secrets with the SDK's default region and profile, so set these. */
  private String secret(DeployedStream.Search search) {
    System.setProperty("aws.region", access.region().id());
    if (access.profile() != null) {
      System.setProperty("aws.profile", access.profile());
    }
    String arn = search.secretArn();
    if (arn == null) {
      throw OperationException.failed(
          "UTSUSHI_SEARCH_SECRET_ARN is missing, though UTSUSHI_SEARCH_AUTH is " + search.auth());
    }
    return arn;
  }

  @Override
  public void close() {
    try (sqs;
        streams;
        lambda) {
      // Closes all of them, even if one throws.
    }
  }
}
