package dev.utsushi.infra.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.construct.Replication;
import dev.utsushi.construct.ReplicationAlarm;
import dev.utsushi.construct.ReplicationProps;
import dev.utsushi.construct.SearchTarget;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Template;
import software.amazon.awscdk.services.dynamodb.TableAttributesV2;
import software.amazon.awscdk.services.dynamodb.TableV2;
import software.constructs.Construct;

/** The settings file and the construct say the same where nobody says anything. */
class ConstructDefaultsTest {
  private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/deals";
  private static final String STREAM = TABLE + "/stream/2026-11-01T00:00:00.000";
  private static final String SETTINGS =
      Stacks.EXISTING_DOMAIN
          + """
          streams:
            - index: deals
              table: { existing: { arn: "%s", streamArn: "%s", partitionKey: dealId } }
          """
              .formatted(TABLE, STREAM);

  @Test
  void bothHaveTheSameDefaults() {
    assertSame("", props -> props);
  }

  @Test
  void bothHaveTheSameSchedules() {
    assertSame(
        "    verify: { schedule: rate(1 day) }\n    purge: { schedule: rate(7 days) }\n",
        props -> props.verifySchedule("rate(1 day)").purgeSchedule("rate(7 days)"));
    assertSame(
        """
            verify: { schedule: rate(1 day), repair: true, sample: 2.5%, readCapacity: 100 }
            alarms: { Drift: 5 }
        """,
        props ->
            props
                .verifySchedule("rate(1 day)")
                .verifyRepair(true)
                .verifySample(0.025)
                .verifyReadCapacity(100)
                .alarmThreshold(ReplicationAlarm.DRIFT, 5));
  }

  private static void assertSame(String settings, UnaryOperator<ReplicationProps> options) {
    Map<String, Object> expected = resources(Stacks.template(SETTINGS + settings));
    expected.keySet().removeIf(name -> name.startsWith("Dashboard"));

    Stack stack = new Stack(App.Builder.create().context(Stacks.context()).build(), "utsushi");
    new Replication(
        new Construct(stack, "deals"),
        "Default",
        options
            .apply(
                ReplicationProps.of(
                    "deals",
                    TableV2.fromTableAttributes(
                        stack,
                        "Table",
                        TableAttributesV2.builder().tableArn(TABLE).tableStreamArn(STREAM).build()),
                    "dealId",
                    new SearchTarget.SignedDomain(
                        "arn:aws:es:eu-central-1:123456789012:domain/search",
                        "https://search-search-abc.eu-central-1.es.amazonaws.com")))
            .functionJar(Stacks.jar()));

    assertThat(resources(Template.fromStack(stack))).isEqualTo(expected);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> resources(Template template) {
    return new TreeMap<>((Map<String, Object>) template.toJSON().get("Resources"));
  }
}
