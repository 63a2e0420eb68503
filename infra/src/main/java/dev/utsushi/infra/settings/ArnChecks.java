package dev.utsushi.infra.settings;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.utsushi.infra.settings.SettingsFile.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds parts of a stack that can't be together: in other regions, partitions and accounts. */
final class ArnChecks {
  private static final Pattern REGION = Pattern.compile("^(.+)$");
  private static final Pattern ARN_REGION = Pattern.compile("^arn:([^:]+):[^:]+:([^:]+):");
  private static final Pattern ENDPOINT_REGION =
      Pattern.compile("\\.([a-z0-9-]+)\\.es\\.amazonaws\\.com");
  private static final Pattern ZONE_REGION = Pattern.compile("^(.+-\\d)[a-z]$");
  private static final Pattern ACCOUNT = Pattern.compile("^arn:[^:]+:[^:]+:[^:]*:(\\d{12}):");

  private final YamlTree tree;
  private final List<Problem> problems = new ArrayList<>();

  private ArnChecks(YamlTree tree) {
    this.tree = tree;
  }

  static List<Problem> find(YamlTree tree) {
    ArnChecks checks = new ArnChecks(tree);
    checks.checkRegions();
    checks.checkAccounts();
    return checks.problems;
  }

  /** A stack is in one region: that of the first part of the file that names one. */
  private void checkRegions() {
    Map<JsonPointer, String> regions = new LinkedHashMap<>();
    putRegion(regions, JsonPointer.compile("/region"), REGION);
    for (String part :
        List.of(
            "/search/existingDomain/arn",
            "/search/endpoint/secretArn",
            "/search/endpoint/kmsKeyArn",
            "/kmsKeyArn",
            "/search/newDomain/kmsKeyArn",
            "/alarmTopicArn")) {
      putRegion(regions, JsonPointer.compile(part), ARN_REGION);
    }
    JsonPointer endpoint = JsonPointer.compile("/search/existingDomain/endpoint");
    putRegion(regions, endpoint, ENDPOINT_REGION);
    JsonPointer subnets = JsonPointer.compile("/vpc/subnets");
    for (int i = 0; i < tree.json().at(subnets).size(); i++) {
      JsonPointer subnet = subnets.appendIndex(i);
      putRegion(regions, subnet.appendProperty("availabilityZone"), ZONE_REGION);
    }
    JsonPointer streams = JsonPointer.compile("/streams");
    JsonPointer table = JsonPointer.compile("/table/existing");
    for (int i = 0; i < tree.json().at(streams).size(); i++) {
      JsonPointer existing = streams.appendIndex(i).append(table);
      putRegion(regions, existing.appendProperty("arn"), ARN_REGION);
      putRegion(regions, existing.appendProperty("kmsKeyArn"), ARN_REGION);
    }
    regions.entrySet().stream()
        .min(Comparator.comparingInt(part -> tree.line(part.getKey())))
        .ifPresent(first -> checkRegions(regions, first));
  }

  private void putRegion(Map<JsonPointer, String> regions, JsonPointer location, Pattern region) {
    Matcher matcher = region.matcher(tree.json().at(location).asText());
    if (matcher.find()) {
      String found = matcher.group(matcher.groupCount());
      regions.put(location, found);
      if (region == ARN_REGION) {
        checkPartition(location, matcher.group(1), found);
      }
    }
  }

  private void checkRegions(
      Map<JsonPointer, String> regions, Map.Entry<JsonPointer, String> first) {
    regions.forEach(
        (location, region) -> {
          if (!region.equals(first.getValue())) {
            String what =
                "is in %s, and what line %d names in %s: all parts of a stack are in one region";
            add(location, what.formatted(region, tree.line(first.getKey()), first.getValue()));
          }
        });
  }

  private void checkPartition(JsonPointer location, String partition, String region) {
    String of =
        region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    // Regions of further partitions are not known here.
    boolean known = List.of("aws", "aws-cn", "aws-us-gov").contains(partition);
    if (known && !partition.equals(of)) {
      add(location, "must begin with arn:%s: as all of %s".formatted(of, region));
    }
  }

  /** A role is bounded by a policy of its account, and AWS's own keys serve only theirs. */
  private void checkAccounts() {
    String account = tree.json().path("account").asText();
    JsonPointer boundary = JsonPointer.compile("/permissionsBoundaryArn");
    if (isOfAnother(account, boundary)) {
      add(boundary, "must be a policy of account " + account);
    }
    JsonNode endpoint = tree.json().at("/search/endpoint");
    JsonPointer secret = JsonPointer.compile("/search/endpoint/secretArn");
    if (isOfAnother(account, secret) && !endpoint.has("kmsKeyArn")) {
      add(secret, "is of another account, which needs a key of its own: set kmsKeyArn");
    }
  }

  private boolean isOfAnother(String account, JsonPointer location) {
    Matcher matcher = ACCOUNT.matcher(tree.json().at(location).asText());
    return !account.isEmpty() && matcher.find() && !matcher.group(1).equals(account);
  }

  private void add(JsonPointer location, String what) {
    problems.add(tree.problem(location, what));
  }
}
