package dev.utsushi.local.template;

import dev.utsushi.local.LocalAws;
import dev.utsushi.local.kinesis.DeliveryFaults;
import dev.utsushi.local.kinesis.StreamingDestination;
import dev.utsushi.local.kinesis.StreamingDestination.Precision;
import java.util.Map;

/** Creates a plan's Kinesis streams and their consumers, and what fills the streams from tables. */
final class KinesisDeployment {
  /** What a new stream has; raising it to the same is refused. */
  private static final int LEAST_RETENTION_HOURS = 24;

  private final StackPlan plan;
  private final RunningTemplate running;
  private final Map<String, String> names;
  private final LocalAws aws;

  /**
   * @param running has the tables, and receives what is created
   * @param names receives the names that Kinesis gave, by their placeholders
   */
  KinesisDeployment(StackPlan plan, RunningTemplate running, Map<String, String> names) {
    this.plan = plan;
    this.running = running;
    this.names = names;
    aws = running.aws();
  }

  void deploy() {
    plan.of(Resource.STREAM).forEach(this::createStream);
    plan.tables()
        .filter(table -> !table.kinesisDestination().isMissingNode())
        .forEach(this::startDestination);
    plan.of(Resource.CONSUMER).forEach(this::createConsumer);
  }

  private void createStream(Resource resource) {
    String arn = aws.kinesis().createStream(resource.name(), StackPlan.shards(resource));
    int hours = resource.integer("RetentionPeriodHours");
    if (hours > LEAST_RETENTION_HOURS) {
      aws.kinesis()
          .client()
          .increaseStreamRetentionPeriod(
              request -> request.streamARN(arn).retentionPeriodHours(hours));
    }
    running.add(
        new RunningTemplate.Stream(
            resource.logicalId(),
            resource.name(),
            arn,
            plan.tableOf(resource)
                .map(table -> running.part(RunningTemplate.Table.class, table.logicalId()))));
  }

  private void startDestination(Resource table) {
    var stream = stream(table.kinesisDestination().path("StreamArn").asText());
    var dynamoDb = aws.dynamoDb();
    String tableStream =
        dynamoDb
            .client()
            .describeTable(request -> request.tableName(table.name()))
            .table()
            .latestStreamArn();
    String precision =
        table.kinesisDestination().path("ApproximateCreationDateTimePrecision").asText();
    var destination =
        StreamingDestination.start(
            dynamoDb.streams(),
            tableStream,
            aws.kinesis().client(),
            stream.streamArn(),
            Precision.valueOf(precision),
            DeliveryFaults.NONE);
    running.add(new RunningTemplate.Destination(table.logicalId(), stream, destination));
  }

  private void createConsumer(Resource consumer) {
    var stream = stream(consumer.text("StreamARN"));
    String arn =
        aws.kinesis()
            .client()
            .registerStreamConsumer(
                register ->
                    register
                        .streamARN(stream.streamArn())
                        .consumerName(consumer.text("ConsumerName")))
            .consumer()
            .consumerARN();
    running.add(
        new RunningTemplate.Consumer(
            consumer.logicalId(),
            running.part(RunningTemplate.Stream.class, stream.logicalId()),
            arn));
    names.put(consumer.arn(), arn);
  }

  private RunningTemplate.Stream stream(String arn) {
    Resource stream = plan.find(arn).orElseThrow();
    return running.part(RunningTemplate.Stream.class, stream.logicalId());
  }
}
