package dev.utsushi.worker;

import com.amazonaws.services.dynamodbv2.streamsadapter.AmazonDynamoDBStreamsAdapterClient;
import com.amazonaws.services.dynamodbv2.streamsadapter.StreamsSchedulerFactory;
import com.amazonaws.services.dynamodbv2.streamsadapter.polling.DynamoDBStreamsPollingConfig;
import dev.utsushi.core.settings.Settings.WorkerSettings;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.CoordinatorStateDAO;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.coordinator.migration.ClientVersion;
import software.amazon.kinesis.coordinator.migration.MigrationState;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.leases.LeaseRefresher;
import software.amazon.kinesis.leases.exceptions.DependencyException;
import software.amazon.kinesis.leases.exceptions.InvalidStateException;
import software.amazon.kinesis.leases.exceptions.ProvisionedThroughputException;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.processor.StreamTracker;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * The stream, whose shards all workers of the same name lease: the Kinesis Client Library with the
 * settings that make it start, and take over, in seconds.
 */
final class LeasedStream {
  /** The adapter waits twice as long after an empty poll: four polls a second, as Lambda's. */
  private static final long DYNAMODB_IDLE_MILLIS = 125;

  /** A shard answers five polls a second, to all of its readers together. */
  private static final long KINESIS_IDLE_MILLIS = 500;

  /** A lease that was not renewed for so long may be taken by another worker. */
  private static final long FAILOVER_MILLIS = 3_000;

  private static final long DISPATCH_MILLIS = 200;

  /** Each look at a parent is a read of the table of leases. */
  private static final long PARENT_MILLIS = 1_000;

  /**
   * A worker that can't find the children of a shard at its end leaves them to the library's
   * auditor, which looks every two minutes by default. Each look lists the stream's shards.
   */
  private static final long AUDIT_MILLIS = 30_000;

  private static final InitialPositionInStreamExtended OLDEST =
      InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);

  private final WorkerSettings settings;
  private final String workerId;
  private final SdkAsyncHttpClient http =
      NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1).build();
  private final DynamoDbAsyncClient leases = DynamoDbAsyncClient.builder().httpClient(http).build();

  LeasedStream(WorkerSettings settings, String workerId) {
    this.settings = settings;
    this.workerId = workerId;
  }

  /**
   * Returns the name of the workers that share the stream, and of their tables. A new stream of the
   * table has shards of its own, so that it needs other leases.
   */
  static String name(WorkerSettings settings) {
    if (settings.name() != null) {
      return settings.name();
    }
    var replication = settings.replication();
    String label =
        replication.kinesis() != null && settings.readsKinesis()
            ? replication.kinesis().since()
            : settings.streamArn().substring(settings.streamArn().lastIndexOf('/') + 1);
    return Stream.of("utsushi", replication.stack(), replication.index().reader(), label)
        .filter(Objects::nonNull)
        .reduce((left, right) -> left + "-" + right)
        .orElseThrow()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9_.-]", "");
  }

  /** Returns what reads the stream, once its {@code run} is called. */
  Scheduler scheduler(ShardRecordProcessorFactory processors)
      throws DependencyException, InvalidStateException, ProvisionedThroughputException {
    Scheduler scheduler = settings.readsKinesis() ? ofKinesis(processors) : ofDynamoDb(processors);
    useTakers(scheduler);
    createLeases(scheduler);
    return scheduler;
  }

  private Scheduler ofDynamoDb(ShardRecordProcessorFactory processors) {
    String region = Objects.requireNonNull(settings.replication().region());
    DynamoDbStreamsClient streams =
        DynamoDbStreamsClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(
                override ->
                    override.addExecutionInterceptor(new RealStreamArn(settings.streamArn())))
            .build();
    var adapter = new AmazonDynamoDBStreamsAdapterClient(streams, Region.of(region));
    StreamTracker tracker =
        StreamsSchedulerFactory.createSingleStreamTracker(
            RealStreamArn.inRegion(settings.streamArn(), region), OLDEST);
    ConfigsBuilder configs = configs(tracker, adapter, processors);
    var polling =
        new DynamoDBStreamsPollingConfig(adapter)
            .idleTimeBetweenReadsInMillis(DYNAMODB_IDLE_MILLIS);
    return StreamsSchedulerFactory.createScheduler(
        configs.checkpointConfig(),
        coordination(configs),
        leasing(configs),
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
        configs.processorConfig().callProcessRecordsEvenForEmptyRecordList(true),
        configs.retrievalConfig().retrievalSpecificConfig(polling),
        adapter);
  }

  private Scheduler ofKinesis(ShardRecordProcessorFactory processors) {
    KinesisAsyncClient kinesis = KinesisAsyncClient.builder().httpClient(http).build();
    String arn = settings.streamArn();
    String stream = arn.substring(arn.indexOf('/') + 1);
    ConfigsBuilder configs = configs(new SingleStreamTracker(stream, OLDEST), kinesis, processors);
    var polling = new PollingConfig(stream, kinesis);
    polling.idleTimeBetweenReadsInMillis(KINESIS_IDLE_MILLIS);
    return new Scheduler(
        configs.checkpointConfig(),
        coordination(configs),
        leasing(configs),
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
        configs.processorConfig().callProcessRecordsEvenForEmptyRecordList(true),
        configs.retrievalConfig().retrievalSpecificConfig(polling));
  }

  private ConfigsBuilder configs(
      StreamTracker tracker, KinesisAsyncClient kinesis, ShardRecordProcessorFactory processors) {
    return new ConfigsBuilder(
        tracker,
        name(settings),
        kinesis,
        leases,
        CloudWatchAsyncClient.builder().httpClient(http).build(),
        workerId,
        processors);
  }

  private static CoordinatorConfig coordination(ConfigsBuilder configs) {
    return configs
        .coordinatorConfig()
        .skipShardSyncAtWorkerInitializationIfLeasesExist(true)
        .shardConsumerDispatchPollIntervalMillis(DISPATCH_MILLIS)
        .parentShardPollIntervalMillis(PARENT_MILLIS);
  }

  /** The interval is how long the library sleeps after it has looked for shards. */
  private static LeaseManagementConfig leasing(ConfigsBuilder configs) {
    return configs
        .leaseManagementConfig()
        .failoverTimeMillis(FAILOVER_MILLIS)
        .shardSyncIntervalMillis(0)
        .leasesRecoveryAuditorExecutionFrequencyMillis(AUDIT_MILLIS);
  }

  /**
   * Has each worker take leases by itself, as in version 2 of the library. In version 3 only a
   * leader assigns them, and nobody follows a leader that died for more than two minutes.
   */
  private void useTakers(Scheduler scheduler)
      throws DependencyException, InvalidStateException, ProvisionedThroughputException {
    var states =
        new CoordinatorStateDAO(
            leases, scheduler.coordinatorConfig().coordinatorStateTableConfig());
    states.initialize();
    states.createCoordinatorStateIfNotExists(
        new MigrationState(MigrationState.MIGRATION_HASH_KEY, workerId)
            .update(ClientVersion.CLIENT_VERSION_2X, workerId));
  }

  /** Makes the leases of a new stream. The library would wait up to 30 s for somebody else to. */
  private void createLeases(Scheduler scheduler)
      throws DependencyException, InvalidStateException, ProvisionedThroughputException {
    LeaseRefresher refresher = scheduler.leaseRefresher();
    refresher.createLeaseTableIfNotExists();
    refresher.waitUntilLeaseTableExists(1, 600);
    if (refresher.isLeaseTableEmpty()) {
      scheduler
          .streamTracker()
          .streamConfigList()
          .forEach(
              stream -> scheduler.shardSyncTaskManagerProvider().apply(stream).callShardSyncTask());
    }
  }
}
