package dev.utsushi.operations.stack;

import dev.utsushi.core.search.Authorization;
import dev.utsushi.core.search.CredentialsException;
import dev.utsushi.testbed.search.SearchApi;
import dev.utsushi.testbed.search.SearchException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The engine behind a stream, as this machine reaches it: with the operator's credentials. */
public final class StackSearch {
  private StackSearch() {}

  /**
   * Opens it; nothing is sent yet.
   *
   * @throws StackException if the function's variables don't say how
   */
  public static SearchApi open(Target target, AwsClients clients, ReplicatedStream stream) {
    URI local = clients.localSearch();
    if (local != null) {
      return new SearchApi(local);
    }
    SearchAccess access = stream.search();
    return new SearchApi(URI.create(access.endpoint()), authorization(target, clients, access));
  }

  private static Authorization authorization(
      Target target, AwsClients clients, SearchAccess access) {
    return switch (access.auth().toLowerCase(Locale.ROOT)) {
      case "sigv4" -> new CallerSignature(clients.credentials(), clients.region().id());
      case "basic" -> Authorization.basic(secret(target, clients, access));
      case "apikey" -> Authorization.apiKey(secret(target, clients, access));
      case "none" -> Authorization.NONE;
      default ->
          throw StackException.notDone(
              "the function's way to the engine, '%s', is of another version than this command"
                  .formatted(access.auth()));
    };
  }

  /**
   * The function's reader of secrets asks the SDK's defaults: they are to be what was asked for.
   */
  private static String secret(Target target, AwsClients clients, SearchAccess access) {
    System.setProperty("aws.region", clients.region().id());
    if (target instanceof Target.Deployed(_, _, String profile) && profile != null) {
      System.setProperty("aws.profile", profile);
    }
    String arn = access.secretArn();
    if (arn == null) {
      throw StackException.notDone("the function has no secret, though its engine asks for one");
    }
    return arn;
  }

  /**
   * Makes sure, by one search, that readers' alias can be read from here.
   *
   * @throws StackException if not, saying what to do
   */
  public static void check(SearchApi search, String readerAlias) throws InterruptedException {
    try {
      search.send("POST", "/" + readerAlias + "/_search", "{\"size\":0}");
    } catch (SearchException e) {
      throw StackException.notDone(problem(search.endpoint(), readerAlias, e), e);
    } catch (CredentialsException e) {
      throw StackException.notDone("the engine's credentials: " + e.getMessage(), e);
    }
  }

  private static String problem(URI endpoint, String readerAlias, SearchException e) {
    return switch (e.status()) {
      case 0 ->
          "the search engine does not answer from here (%s), so nothing could be measured and nothing was written: run this where it does; a domain in a VPC answers only inside it, or through a VPN or proxy"
              .formatted(endpoint);
      case 401, 403 ->
          "the search engine refuses these credentials (%d): this needs es:ESHttpPost on the domain and, with fine-grained access control, a role that may read %s; nothing was written"
              .formatted(e.status(), readerAlias);
      case 404 ->
          "the search engine has no %s: the function makes it as it starts, so see its log; nothing was written"
              .formatted(readerAlias);
      default -> "the index can't be read: " + line(e.getMessage()) + "; nothing was written";
    };
  }

  private static String line(@Nullable String message) {
    return message == null ? "" : message;
  }
}
