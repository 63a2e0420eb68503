package dev.utsushi.infra.settings;

import dev.utsushi.infra.settings.Settings.VpcSettings;
import dev.utsushi.infra.settings.Shape.Section;
import dev.utsushi.infra.settings.StreamSettings.Reading;
import dev.utsushi.infra.settings.StreamSettings.Running;
import dev.utsushi.infra.settings.TableSettings.KeyAttribute;
import dev.utsushi.infra.settings.Value.Entries;
import dev.utsushi.settings.SearchAuth;
import dev.utsushi.stream.TtlDeletes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
        Duration.ofSeconds(stream.whole("iteratorAgeAlarmSeconds")));
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

  /** A section as it holds in the end: what is given, else the defaults, else the shape's own. */
  private record Given(Entries entries, Entries defaults, Section shape) {
    static Given of(Entries entries, Section shape) {
      return new Given(entries, new Entries(entries.line(), java.util.Map.of()), shape);
    }

    Given withDefaults(Entries others) {
      return new Given(entries, others, shape);
    }

    String text(String name) {
      return value(name).orElseThrow().toString();
    }

    Optional<String> optionalText(String name) {
      return value(name).map(Object::toString);
    }

    int whole(String name) {
      return optionalWhole(name).orElseThrow();
    }

    Optional<Integer> optionalWhole(String name) {
      return value(name).map(number -> ((Number) number).intValue());
    }

    boolean flag(String name) {
      return (Boolean) value(name).orElseThrow();
    }

    List<String> jsons(String name) {
      Entries holder = entries.values().containsKey(name) ? entries : defaults;
      return holder.items(name).stream().map(item -> ((Value.Json) item).text()).toList();
    }

    Given section(String name) {
      return optionalSection(name).orElseThrow();
    }

    Optional<Given> optionalSection(String name) {
      return entries.entries(name).map(section -> of(section, shapeOf(name)));
    }

    List<Given> sections(String name) {
      return entries.items(name).stream().map(item -> of((Entries) item, shapeOf(name))).toList();
    }

    private Optional<Object> value(String name) {
      return scalar(entries, name)
          .or(() -> scalar(defaults, name))
          .or(() -> shape.key(name).map(Key::otherwise));
    }

    private static Optional<Object> scalar(Entries entries, String name) {
      return entries.values().get(name) instanceof Value.Scalar(_, Object content)
          ? Optional.of(content)
          : Optional.empty();
    }

    private Section shapeOf(String name) {
      return sectionOf(shape.key(name).orElseThrow().shape());
    }

    private static Section sectionOf(Shape shape) {
      return switch (shape) {
        case Section section -> section;
        case Shape.OneOf(Section choices) -> choices;
        case Shape.ListOf(Shape item, _) -> sectionOf(item);
        case Shape.Text _,
            Shape.Whole _,
            Shape.Steps _,
            Shape.Flag _,
            Shape.Choice _,
            Shape.Free _ ->
            throw new IllegalStateException("no section: " + shape);
      };
    }
  }
}
