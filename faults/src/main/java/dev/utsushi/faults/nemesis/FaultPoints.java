package dev.utsushi.faults.nemesis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.utsushi.core.run.SegmentQueue.Task;
import dev.utsushi.faults.history.ChaosException;
import dev.utsushi.faults.history.DeliveryObserver;
import dev.utsushi.faults.history.EngineObserver;
import dev.utsushi.faults.history.History;
import dev.utsushi.faults.history.Operation.ExtraWorker;
import dev.utsushi.faults.history.Operation.Source;
import dev.utsushi.faults.history.Operation.StreamChange;
import dev.utsushi.faults.history.QueueObserver;
import dev.utsushi.faults.history.SentMessageObserver;
import dev.utsushi.faults.history.TableObserver;
import dev.utsushi.local.lambda.Invocable;
import dev.utsushi.local.lambda.InvocationResult;
import dev.utsushi.local.proxy.FaultProxy;
import dev.utsushi.local.proxy.ProxyAction;
import dev.utsushi.testbed.search.SearchApi;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/**
 * The places between the parts of the pipeline where faults wait for something to hit, in front of
 * the observers.
 */
public final class FaultPoints {

  /** Delivers an event to the function, as from this source. */
  interface Delivering {
    InvocationResult from(Source source) throws InterruptedException;
  }

  /** What a fault does to a delivery. */
  interface DeliveryAction {
    InvocationResult apply(Delivering event) throws InterruptedException;
  }

  /** Any request to the engine. */
  final FaultPoint<ProxyAction> requests;

  /** A request that writes documents. */
  final FaultPoint<ProxyAction> writes;

  /** Any delivery; of two lanes, so that both can wait at the same time. */
  final FaultPoint<DeliveryAction> deliveries;

  final FaultPoint<DeliveryAction> duplicates;

  /** A message to the failure queue. */
  final FaultPoint<UnaryOperator<Supplier<SendMessageResponse>>> messages;

  /** The same from a stream worker. */
  final FaultPoint<ProxyAction> sends;

  /** A page that a worker of a run reads from the table. */
  final FaultPoint<ProxyAction> reads;

  /** A page that a worker of a run writes. */
  final FaultPoint<ProxyAction> pages;

  /** The progress of a page, on its way to the table of runs. */
  final FaultPoint<ProxyAction> saves;

  /** A message of the queue of segments. */
  final FaultPoint<DeliveryAction> segments;

  /** Two of the queue's event source mapping, and two that get a message for the second time. */
  public static final int MOST_WORKERS_OF_A_RUN = 4;

  private final Semaphore secondTimes = new Semaphore(2);

  /** How many workers are on a segment. */
  private final Map<Task, Integer> worked = new ConcurrentHashMap<>();

  private final History history;
  private final DeliveryObserver deliveryObserver;
  private final QueueObserver queueObserver;

  public FaultPoints(
      History history, DeliveryObserver deliveryObserver, QueueObserver queueObserver) {
    requests = new FaultPoint<>(history);
    writes = new FaultPoint<>(history);
    deliveries = new FaultPoint<>(history);
    duplicates = new FaultPoint<>(history);
    messages = new FaultPoint<>(history);
    sends = new FaultPoint<>(history);
    reads = new FaultPoint<>(history);
    pages = new FaultPoint<>(history);
    saves = new FaultPoint<>(history);
    segments = new FaultPoint<>(history);
    this.history = history;
    this.deliveryObserver = deliveryObserver;
    this.queueObserver = queueObserver;
  }

  /** Decides what the proxy does to a request. */
  public ProxyAction onRequest(FaultProxy.Request request) {
    Optional<ProxyAction> atWrite = Optional.empty();
    if (EngineObserver.isBulk(request)) {
      atWrite = request.body().contains(StreamChange.BACKFILL) ? pages.hit("") : writes.tryHit();
    }
    return atWrite
        .or(() -> requests.hit("request " + request.number()))
        .orElseGet(ProxyAction.Forward::new);
  }

  /** Decides what the proxy in front of the table does to a request of a worker. */
  public ProxyAction onTableRequest(FaultProxy.Request request) {
    Optional<ProxyAction> action =
        TableObserver.isScan(request)
            ? reads.hit("")
            : TableObserver.isSave(request) ? saves.hit("") : Optional.empty();
    return action.orElseGet(ProxyAction.Forward::new);
  }

  /** Decides what the proxy in front of SQS does to a request of a stream worker. */
  public ProxyAction onSqsRequest(FaultProxy.Request request) {
    return (SentMessageObserver.isSend(request) ? sends.hit("") : Optional.<ProxyAction>empty())
        .orElseGet(ProxyAction.Forward::new);
  }

  /**
   * The worker of runs as the queue of segments sees it. The message of one that died comes again
   * at once: the visibility timeout is longer than a short run.
   */
  public Invocable inFrontOfWorker(Invocable worker) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] event) throws InterruptedException {
        return segments
            .hit("")
            .orElse(delivering -> delivering.from(Source.MAPPING))
            .apply(source -> invoke(event, source));
      }

      private InvocationResult invoke(byte[] event, Source source) throws InterruptedException {
        if (source == Source.MAPPING) {
          return invokeBesideOthers(event);
        }
        if (!secondTimes.tryAcquire()) {
          return new InvocationResult.Throttled("");
        }
        try {
          return invokeBesideOthers(event);
        } finally {
          secondTimes.release();
        }
      }

      private InvocationResult invokeBesideOthers(byte[] event) throws InterruptedException {
        Task task = task(event);
        if (worked.merge(task, 1, Integer::sum) > 1) {
          history.append(new ExtraWorker("another one is on its segment"));
        }
        try {
          return invokeUntilItLives(event);
        } finally {
          worked.merge(task, -1, Integer::sum);
        }
      }

      private InvocationResult invokeUntilItLives(byte[] event) throws InterruptedException {
        InvocationResult result = worker.invoke(event);
        while (result instanceof InvocationResult.Crashed
            || result instanceof InvocationResult.TimedOut) {
          history.append(new ExtraWorker("the one before died"));
          result = worker.invoke(event);
        }
        return result;
      }

      @Override
      public String arn() {
        return worker.arn();
      }
    };
  }

  private static Task task(byte[] event) {
    try {
      return Task.parse(SearchApi.parse(new String(event, UTF_8)).at("/Records/0/body").asText());
    } catch (IOException e) {
      throw new ChaosException("the queue of segments sent an event that is not JSON", e);
    }
  }

  /** The function as the mapping sees it. */
  public Invocable inFrontOf(Invocable function) {
    return new Invocable() {
      @Override
      public InvocationResult invoke(byte[] event) throws InterruptedException {
        return deliveries
            .hit("")
            .or(() -> duplicates.hit(""))
            .orElse(delivering -> delivering.from(Source.MAPPING))
            .apply(source -> deliveryObserver.deliver(event, source, function));
      }

      @Override
      public String arn() {
        return function.arn();
      }
    };
  }

  /** The failure queue as the mapping sees it. */
  public SqsClient inFrontOf(SqsClient sqs) {
    return new SqsClient() {
      @Override
      public SendMessageResponse sendMessage(SendMessageRequest request) {
        return messages.hit("").orElse(UnaryOperator.identity()).apply(() -> send(request)).get();
      }

      private SendMessageResponse send(SendMessageRequest request) {
        SendMessageResponse response = sqs.sendMessage(request);
        queueObserver.sent(request.messageBody());
        return response;
      }

      @Override
      public String serviceName() {
        return sqs.serviceName();
      }

      @Override
      public void close() {
        // Whoever made the client closes it.
      }
    };
  }
}
