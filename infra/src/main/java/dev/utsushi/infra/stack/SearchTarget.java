package dev.utsushi.infra.stack;

import dev.utsushi.core.settings.SearchAuth;
import dev.utsushi.infra.settings.SearchSettings;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/** What the functions write to. */
sealed interface SearchTarget {
  /** The URL, for the function's setting. */
  String endpoint();

  SearchAuth auth();

  default Optional<String> secretArn() {
    return Optional.empty();
  }

  default int port() {
    return 443;
  }

  /** Lets a function's role make these requests, and no others. */
  void admit(IRole role, IndexAccess access);

  static SearchTarget of(Construct scope, SearchSettings settings, Optional<Network> network) {
    return switch (settings) {
      case SearchSettings.NewDomain domain -> new Created(new SearchDomain(scope, domain, network));
      case SearchSettings.ExistingDomain(String arn, String endpoint) ->
          new Existing(arn, endpoint);
      case SearchSettings.Endpoint(String url, SearchAuth auth, String secretArn) ->
          new Secured(url, auth, secretArn);
    };
  }

  /** A domain of this stack: its own policy names the roles. */
  record Created(SearchDomain domain) implements SearchTarget {
    @Override
    public String endpoint() {
      return domain.endpoint();
    }

    @Override
    public SearchAuth auth() {
      return SearchAuth.SIGV4;
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      domain.admit(role, access);
    }
  }

  /** A domain of somebody else: the roles bring their permissions. */
  record Existing(String arn, String endpoint) implements SearchTarget {
    @Override
    public SearchAuth auth() {
      return SearchAuth.SIGV4;
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      access.statements(arn).forEach(role::addToPrincipalPolicy);
    }
  }

  /** A cluster that a secret opens. */
  record Secured(String endpoint, SearchAuth auth, String arn) implements SearchTarget {
    @Override
    public Optional<String> secretArn() {
      return Optional.of(arn);
    }

    @Override
    public int port() {
      int given = URI.create(endpoint).getPort();
      return given < 0 ? 443 : given;
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      role.addToPrincipalPolicy(
          PolicyStatement.Builder.create()
              .actions(List.of("secretsmanager:GetSecretValue"))
              .resources(List.of(arn))
              .build());
    }
  }
}
