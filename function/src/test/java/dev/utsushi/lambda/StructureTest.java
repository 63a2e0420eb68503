package dev.utsushi.lambda;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dependencies between packages, and the public types of core. */
final class StructureTest {
  private static final String CORE = "dev.utsushi.core";

  /** The types of core that the handlers may use. */
  private static final Set<String> DOORS =
      Set.of(
          "change.Change",
          "change.ItemKey",
          "change.Value",
          "change.Version",
          "record.StreamRecord",
          "record.RecordJson",
          "record.RecordDecoder",
          "record.KeySchema",
          "record.KinesisSource",
          "record.RecordReader",
          "record.RecordFilter",
          "record.SdkRecords",
          "document.DocumentId",
          "index.IndexWriter",
          "index.Outcome",
          "index.IndexReader",
          "index.IndexScan",
          "index.IndexRebuild",
          "index.Tombstones",
          "run.RunStore",
          "run.SegmentQueue",
          "index.IndexedVersion",
          "index.IndexInspector",
          "index.IndexStatus",
          "index.IndexNames",
          "index.Mapping",
          "index.Deadline",
          "search.SearchClient",
          "search.AwsJsonApi",
          "search.HttpCaller",
          "search.SocketCaller",
          "search.Authorization",
          "projection.Projection",
          "projection.Target",
          "projection.Targets",
          "replication.Replication",
          "replication.ReplicationParts",
          "replication.ReplicationTelemetry",
          "replication.RecordResult",
          "settings.Settings",
          "telemetry.Log",
          "telemetry.Metric");

  private static final DescribedPredicate<JavaClass> OURS =
      resideInAnyPackage("dev.utsushi.lambda..", "dev.utsushi.stream..");

  private static final JavaClasses FUNCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importUrl(ReplicationHandler.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void onlyPublicTypesOfCoreAreUsed() {
    DescribedPredicate<JavaClass> behindDoors =
        DescribedPredicate.describe("core, behind its doors", StructureTest::isBehindDoors);
    noClasses().that(OURS).should().dependOnClassesThat(behindDoors).check(FUNCTION);
  }

  private static boolean isBehindDoors(JavaClass target) {
    String name = target.getName();
    if (!name.startsWith(CORE + '.') || name.startsWith(CORE + ".deadletter.")) {
      return false;
    }
    String topLevel = name.substring(CORE.length() + 1).split("\\$", 2)[0];
    return !DOORS.contains(topLevel);
  }

  @Test
  void onlyStreamKnowsTheAwsClients() {
    // Capture and replay handle messages of the queue, and failures of its client.
    noClasses()
        .that(OURS.and(resideOutsideOfPackages("dev.utsushi.stream")))
        .should()
        .dependOnClassesThat(
            resideInAPackage("software.amazon..")
                .and(
                    not(
                        resideInAnyPackage(
                            "software.amazon.awssdk.services.sqs.model",
                            "software.amazon.awssdk.core.exception",
                            "software.amazon.awssdk.awscore.exception"))))
        .check(FUNCTION);
  }

  @Test
  void onlyCoreKnowsTheEnginesClient() {
    noClasses()
        .that(OURS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.opensearch..", "java.net.http..")
        .check(FUNCTION);
  }

  /** The hot path loads nothing that only capture and replay need. */
  @Test
  void theReplicationKnowsNothingOfDeadLetters() {
    noClasses()
        .that()
        .haveNameMatching(
            "dev\\.utsushi\\.(lambda\\.(ReplicationHandler|Assembly|SnapStart)|stream\\.LambdaRecords).*")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(CORE + ".deadletter")
        .check(FUNCTION);
  }

  @Test
  void streamKnowsNothingOfTheHandlers() {
    noClasses()
        .that()
        .resideInAPackage("dev.utsushi.stream")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.utsushi.lambda")
        .check(FUNCTION);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.utsushi.(*)..").should().beFreeOfCycles().check(FUNCTION);
  }
}
