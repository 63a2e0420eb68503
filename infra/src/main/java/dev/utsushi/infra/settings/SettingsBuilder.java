package dev.utsushi.infra.settings;

import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import dev.utsushi.core.settings.SearchAuth;
import dev.utsushi.infra.settings.Settings.VpcSettings;
import dev.utsushi.infra.settings.StreamSettings.Reading;
import dev.utsushi.infra.settings.StreamSettings.Running;
import dev.utsushi.infra.settings.TableSettings.KeyAttribute;
import dev.utsushi.infra.settings.Value.Entries;
import java.time.Duration;
import java.util.Locale;

/** Makes settings of a file without problems. */
final class SettingsBuilder {
  private final MappingSource mappings;

  SettingsBuilder(MappingSource mappings) {
    this.mappings = mappings;
  }

  Settings settings(Entries entries) {
    Given file = Given.of(entries, FileShape.FILE);
    Entries defaults = entries.entriesOrNone("defaults");
    return new Settings(
        file.text("stack"),
        search(file.section("search"), file.text("stack")),
        file.optionalSection("vpc").map(SettingsBuilder::vpc),
        file.optionalText("alarmTopicArn"),
        file.whole("logRetentionDays"),
        file.sections("streams").stream()
            .map(stream -> stream(stream.withDefaults(defaults)))
            .toList());
  }

  private static SearchSettings search(Given search, String stack) {
    return search
        .optionalSection("newDomain")
        .<SearchSettings>map(domain -> newDomain(domain, stack))
        .or(() -> search.optionalSection("existingDomain").map(SettingsBuilder::existingDomain))
        .orElseGet(() -> endpoint(search.section("endpoint")));
  }

  private static SearchSettings newDomain(Given domain, String stack) {
    return new SearchSettings.NewDomain(
        domain.optionalText("name").orElseGet(() -> domainName(stack)),
        domain.text("engineVersion"),
        domain.text("instanceType"),
        domain.whole("dataNodes"),
        domain.whole("zones"),
        domain.whole("volumeGib"),
        domain.text("dedicatedMasters").equals("three") ? 3 : 0);
  }

  /** A domain's name allows less than a stack's. */
  private static String domainName(String stack) {
    String name = stack.toLowerCase(Locale.ROOT);
    return name.length() < 3 ? name + "-search" : name.substring(0, Math.min(28, name.length()));
  }

  private static SearchSettings existingDomain(Given domain) {
    return new SearchSettings.ExistingDomain(domain.text("arn"), domain.text("endpoint"));
  }

  private static SearchSettings endpoint(Given endpoint) {
    return new SearchSettings.Endpoint(
        endpoint.text("url"),
        SearchAuth.valueOf(endpoint.text("auth").toUpperCase(Locale.ROOT)),
        endpoint.text("secretArn"));
  }

  private static VpcSettings vpc(Given vpc) {
    return new VpcSettings(
        vpc.text("id"),
        vpc.sections("subnets").stream()
            .map(
                subnet ->
                    new VpcSettings.Subnet(subnet.text("id"), subnet.text("availabilityZone")))
            .toList());
  }

  private StreamSettings stream(Given stream) {
    return new StreamSettings(
        stream.text("index"),
        table(stream.section("table")),
        stream.optionalText("mapping").map(mappings::setting),
        reading(stream),
        running(stream),
        TtlDeletes.valueOf(stream.text("ttlDeletes").toUpperCase(Locale.ROOT)),
        stream.optionalText("lagAttribute"),
        Duration.ofSeconds(stream.whole("iteratorAgeAlarmSeconds")),
        stream.optionalWhole("secondChanceSeconds").map(Duration::ofSeconds));
  }

  private static TableSettings table(Given table) {
    return table
        .optionalSection("create")
        .map(SettingsBuilder::newTable)
        .orElseGet(() -> existingTable(table.section("existing")));
  }

  private static TableSettings newTable(Given table) {
    String sortKeyType = table.optionalText("sortKeyType").orElse("S");
    return new TableSettings.Create(
        table.optionalText("name"),
        new KeyAttribute(table.text("partitionKey"), table.text("partitionKeyType")),
        table.optionalText("sortKey").map(name -> new KeyAttribute(name, sortKeyType)),
        table.optionalText("timeToLiveAttribute"));
  }

  private static TableSettings existingTable(Given table) {
    return new TableSettings.Existing(
        table.text("arn"),
        table.text("streamArn"),
        table.text("partitionKey"),
        table.optionalText("sortKey"));
  }

  private static Reading reading(Given stream) {
    return new Reading(
        stream.whole("batchSize"),
        Duration.ofSeconds(stream.whole("batchingWindowSeconds")),
        stream.whole("parallelizationFactor"),
        stream.whole("maximumRetryAttempts"),
        stream.whole("maximumRecordAgeSeconds"),
        stream.flag("bisectBatchOnError"),
        stream.text("startingPosition"),
        stream.jsons("filterPatterns"));
  }

  private static Running running(Given stream) {
    return new Running(
        stream.whole("memoryMib"),
        Duration.ofSeconds(stream.whole("timeoutSeconds")),
        stream.text("architecture"),
        stream.optionalWhole("reservedConcurrency"));
  }
}
