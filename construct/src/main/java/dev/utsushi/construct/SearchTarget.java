package dev.utsushi.construct;

import dev.utsushi.core.settings.Settings.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.opensearchservice.IDomain;
import software.amazon.awscdk.services.secretsmanager.ISecret;
import software.constructs.Construct;

/** The cluster that the functions write to. */
public interface SearchTarget {
  /** Returns the variables with which a function finds it. */
  Map<Setting, String> variables();

  /** Allows a function's role these requests and no others. */
  void admit(IRole role, IndexAccess access);

  /** Allows a role that has requests already those of another index. */
  default void admitMore(Construct scope, IRole role, IndexAccess access) {
    admit(role, access);
  }

  /**
   * Returns an Amazon OpenSearch Service domain: the functions' roles bring their permissions. With
   * fine-grained access control, the roles must be mapped in the domain too.
   */
  static SearchTarget domain(IDomain domain) {
    return new SignedDomain(domain.getDomainArn(), "https://" + domain.getDomainEndpoint());
  }

  /**
   * Returns any Elasticsearch or OpenSearch cluster.
   *
   * @param url with https://
   * @param auth the kind of credentials in the secret: {@code basic} or {@code apikey}
   * @param secret of {@code username} and {@code password}, or {@code apiKey}
   */
  static SearchTarget cluster(String url, String auth, ISecret secret) {
    return new SecuredCluster(url, auth, secret);
  }

  /** A domain that IAM opens. */
  record SignedDomain(String arn, String endpoint) implements SearchTarget {
    @Override
    public Map<Setting, String> variables() {
      return Map.of(Setting.SEARCH_ENDPOINT, endpoint, Setting.SEARCH_AUTH, "sigv4");
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      access.statements(arn).forEach(role::addToPrincipalPolicy);
    }

    @Override
    public void admitMore(Construct scope, IRole role, IndexAccess access) {
      ManagedPolicy.Builder.create(scope, "Index-" + access.names().reader())
          .description("Utsushi: requests of the index " + access.names().reader())
          .roles(List.of(role))
          .statements(access.statements(arn))
          .build();
    }
  }

  /** A cluster that a secret opens. */
  record SecuredCluster(String url, String auth, ISecret secret) implements SearchTarget {
    @Override
    public Map<Setting, String> variables() {
      return Map.of(
          Setting.SEARCH_ENDPOINT,
          url,
          Setting.SEARCH_AUTH,
          auth,
          Setting.SEARCH_SECRET_ARN,
          secret.getSecretArn());
    }

    @Override
    public void admit(IRole role, IndexAccess access) {
      allow(role, secret.getSecretArn(), "secretsmanager:GetSecretValue");
      Optional.ofNullable(secret.getEncryptionKey())
          .map(IKey::getKeyArn)
          .ifPresent(key -> allow(role, key, "kms:Decrypt"));
    }

    /** The secret opens every index. */
    @Override
    public void admitMore(Construct scope, IRole role, IndexAccess access) {}

    private static void allow(IRole role, String resource, String action) {
      role.addToPrincipalPolicy(
          PolicyStatement.Builder.create()
              .actions(List.of(action))
              .resources(List.of(resource))
              .build());
    }
  }
}
