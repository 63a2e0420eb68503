package dev.utsushi.cli.chaos;

import dev.utsushi.core.settings.Settings.Setting;
import dev.utsushi.lambda.ReplicationHandler;
import dev.utsushi.local.lambda.LambdaConfiguration;
import dev.utsushi.local.lambda.LambdaFunction;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.testbed.activity.ActivityTable;
import dev.utsushi.testbed.search.SearchApi;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** All parts of one run, wired as they are deployed, with faults and witnesses in between. */
final class Pipeline implements AutoCloseable {
  static final String READER_ALIAS = "chaos-action-logs";
  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(5);

  private final ChaosServers servers;
  final InstantSource clock = InstantSource.system();
  final Journal journal;
  final Findings findings;
  final FaultCounts faults;
  final ItemNames names = new ItemNames();
  final EngineWrites engineWrites;
  final Accounts accounts;
  final LineFaults lineFaults;
  final FunctionTotals totals;
  final SearchApi search;
  final FaultProxy proxy;
  final LambdaFunction function;
  final Deliveries deliveries;
  final FlakyQueue queue;
  final DeadLetters deadLetters;
  final ChaosTable table;
  final StreamTruth truth;
  final ChaosWriter writer;
  final Mappings mappings;

  /** On servers that run already; closes them in the end. */
  Pipeline(ChaosServers servers, ChaosOptions options, Consumer<String> echo) {
    this.servers = servers;
    journal = new Journal(clock, echo);
    findings = new Findings(journal);
    faults = new FaultCounts(journal);
    engineWrites = new EngineWrites(names, journal, findings);
    accounts = new Accounts(engineWrites, journal, findings);
    lineFaults = new LineFaults(this::killFunction, faults, clock);
    totals = new FunctionTotals(echo);
    search = new SearchApi(servers.search().endpoint());
    proxy = FaultProxy.to(servers.search().endpoint(), lineFaults, engineWrites);
    function = new LambdaFunction(configuration(options));
    deliveries = new Deliveries(function, accounts, faults, clock);
    queue = new FlakyQueue(servers.sqs().client(), accounts, faults);
    table = ChaosTable.create(servers.dynamoDb().client());
    String streamArn = table.latestStreamArn();
    deadLetters = new DeadLetters(servers, function.configuration(), tableArn(streamArn));
    truth = new StreamTruth(servers.dynamoDb().streams());
    writer = new ChaosWriter(table, new Workload(options.seed()), names, journal);
    var settings = Mappings.settings(options.seed());
    mappings =
        new Mappings(
            servers.dynamoDb().streams(),
            deliveries,
            settings,
            queue,
            deadLetters.failureQueueUrl(),
            journal,
            findings);
    truth.add(streamArn);
    mappings.start(streamArn);
  }

  private static String tableArn(String streamArn) {
    return streamArn.substring(0, streamArn.indexOf("/stream/"));
  }

  private LambdaConfiguration configuration(ChaosOptions options) {
    return LambdaConfiguration.of(
            "replicate-chaos",
            List.of(options.functionJar()),
            ReplicationHandler.class.getName() + "::handleRequest")
        .withEnvironment(
            Map.of(
                Setting.SEARCH_ENDPOINT.variable(),
                proxy.endpoint().toString(),
                Setting.SEARCH_AUTH.variable(),
                "none",
                Setting.INDEX.variable(),
                READER_ALIAS,
                Setting.PARTITION_KEY.variable(),
                ActivityTable.PARTITION_KEY,
                Setting.SORT_KEY.variable(),
                ActivityTable.SORT_KEY,
                Setting.MAPPING.variable(),
                "activity-log.json"))
        .withTimeout(FUNCTION_TIMEOUT)
        .withLog(totals);
  }

  ChaosServers servers() {
    return servers;
  }

  private int killFunction() {
    var living = function.environments();
    living.forEach(ProcessHandle::destroyForcibly);
    return living.size();
  }

  @Override
  public void close() {
    try (servers;
        search;
        proxy;
        function;
        deadLetters;
        mappings) {
      // In the order of the flow, reversed: nobody is invoked, or asked, that has gone.
    }
  }
}
