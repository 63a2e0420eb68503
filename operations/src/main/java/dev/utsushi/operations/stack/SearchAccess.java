package dev.utsushi.operations.stack;

import dev.utsushi.core.search.Authorization;
import java.net.URI;
import java.util.Locale;

/**
 * How this machine reaches the search engine of a stream, with the operator's credentials.
 *
 * @param endpoint the URL of the cluster
 */
public record SearchAccess(URI endpoint, Authorization authorization) {

  /**
   * Reads it from the stream's configuration. Nothing is sent.
   *
   * @throws OperationException if the configuration is that of another version
   */
  public static SearchAccess of(AwsClients clients, DeployedStream stream) {
    AwsClients.Access access = clients.access();
    return access.local() == null
        ? new SearchAccess(
            URI.create(stream.search().endpoint()), authorization(access, stream.search()))
        : new SearchAccess(access.local().search(), Authorization.NONE);
  }

  private static Authorization authorization(
      AwsClients.Access access, DeployedStream.Search search) {
    return switch (search.auth().toLowerCase(Locale.ROOT)) {
      case "sigv4" -> Authorization.sigV4(access.credentials(), access.region().id());
      case "basic" -> Authorization.basic(secret(access, search));
      case "apikey" -> Authorization.apiKey(secret(access, search));
      case "none" -> Authorization.NONE;
      default ->
          throw OperationException.failed(
              "unknown UTSUSHI_SEARCH_AUTH '%s': the function and this command have different versions"
                  .formatted(search.auth()));
    };
  }

  /** The core reads secrets with the SDK's default region and profile, so set these. */
  private static String secret(AwsClients.Access access, DeployedStream.Search search) {
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
}
