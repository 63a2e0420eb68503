package dev.utsushi.infra.settings;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings file. Each component is named after its key; {@code utsushi.schema.json} describes
 * the keys.
 */
@JsonIgnoreProperties("defaults")
public record StackSettings(
    String stack,
    @Nullable String account,
    @Nullable String region,
    Map<String, String> tags,
    @Nullable String permissionsBoundaryArn,
    @Nullable String bootstrapQualifier,
    String deployCredentials,
    @Nullable String kmsKeyArn,
    SearchSettings search,
    @Nullable VpcSettings vpc,
    @Nullable String alarmTopicArn,
    int logRetentionDays,
    List<StreamSettings> streams) {

  /** The cluster that holds the indexes. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = NewDomain.class, name = "newDomain"),
    @JsonSubTypes.Type(value = ExistingDomain.class, name = "existingDomain"),
    @JsonSubTypes.Type(value = Endpoint.class, name = "endpoint")
  })
  public sealed interface SearchSettings {}

  /** A new Amazon OpenSearch Service domain. */
  public record NewDomain(
      @Nullable String name,
      String engineVersion,
      String instanceType,
      int dataNodes,
      int zones,
      int volumeGib,
      String dedicatedMasters,
      @Nullable String kmsKeyArn,
      @Nullable String masterUserRoleArn,
      Map<String, JsonNode> alarms)
      implements SearchSettings {

    /** Returns the domain's name: of a stack's name that is too long, its start and a hash. */
    public String nameIn(String stack) {
      if (name != null) {
        return name;
      }
      String lower = stack.toLowerCase(Locale.ROOT);
      if (lower.length() < 3) {
        return lower + "-search";
      }
      return lower.length() <= 28
          ? lower
          : lower.substring(0, 19) + "-%08x".formatted(stack.hashCode());
    }

    public boolean hasDedicatedMasters() {
      return dedicatedMasters.equals("three");
    }
  }

  /** An existing Amazon OpenSearch Service domain. */
  public record ExistingDomain(String arn, String endpoint) implements SearchSettings {}

  /**
   * Any cluster whose credentials are in a secret.
   *
   * @param certificateAuthorities the content of the file, in PEM
   */
  public record Endpoint(
      String url,
      String auth,
      String secretArn,
      @Nullable String kmsKeyArn,
      @Nullable String certificateAuthorities)
      implements SearchSettings {}

  /** An existing VPC and private subnets of it. */
  public record VpcSettings(String id, List<Subnet> subnets, List<String> securityGroupIds) {
    /** A subnet and its Availability Zone. */
    public record Subnet(String id, String availabilityZone) {}
  }
}
