package dev.utsushi.infra.stack;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.infra.settings.StackSettings;
import dev.utsushi.infra.settings.StackSettings.Endpoint;
import dev.utsushi.infra.settings.StackSettings.ExistingDomain;
import dev.utsushi.infra.settings.StackSettings.NewDomain;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/** The cluster that the functions write to. */
sealed interface SearchTarget permits SearchDomain, SearchTarget.Existing, SearchTarget.Secured {
  int HTTPS = 443;

  /** Returns the variables with which a function finds it. */
  Map<Setting, String> variables();

  /** Returns the TCP port that it listens on. */
  default int port() {
    return HTTPS;
  }

  /** Allows a function's role these requests and no others. */
  void admit(IRole role, IndexAccess access);

  /** Creates alarms on it, if it is of this stack. */
  default void watch(Optional<ITopic> topic) {}

  static SearchTarget of(Construct scope, StackSettings settings, Optional<Network> network) {
    return switch (settings.search()) {
      case NewDomain domain -> new SearchDomain(scope, domain, settings.stack(), network);
      case ExistingDomain(String arn, String endpoint) -> new Existing(arn, endpoint);
      case Endpoint endpoint -> new Secured(endpoint);
    };
  }

  /** Returns the variables of an engine that takes signed requests. */
  static Map<Setting, String> signed(String endpoint) {
    return Map.of(Setting.SEARCH_ENDPOINT, endpoint, Setting.SEARCH_AUTH, "sigv4");
  }

  /** A domain that is not of this stack: the roles bring their permissions. */
  record Existing(String arn, String endpoint) implements SearchTarget {
    @Override
    public Map<Setting, String> variables() {
      return signed(endpoint);
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      access.statements(arn).forEach(role::addToPrincipalPolicy);
    }
  }

  /** A cluster that a secret opens. */
  record Secured(Endpoint settings) implements SearchTarget {
    @Override
    public Map<Setting, String> variables() {
      return Map.of(
          Setting.SEARCH_ENDPOINT,
          settings.url(),
          Setting.SEARCH_AUTH,
          settings.auth(),
          Setting.SEARCH_SECRET_ARN,
          settings.secretArn());
    }

    @Override
    public int port() {
      int port = URI.create(settings.url()).getPort();
      return port < 0 ? HTTPS : port;
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      role.addToPrincipalPolicy(
          PolicyStatement.Builder.create()
              .actions(List.of("secretsmanager:GetSecretValue"))
              .resources(List.of(settings.secretArn()))
              .build());
    }
  }
}
