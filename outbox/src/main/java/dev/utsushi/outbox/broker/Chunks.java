package dev.utsushi.outbox.broker;

import dev.utsushi.outbox.broker.BrokerAnswer.Refused;
import dev.utsushi.outbox.broker.BrokerAnswer.Unavailable;
import dev.utsushi.outbox.event.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sends envelopes in requests of a broker's size. If a request is refused as a whole, each of its
 * envelopes goes alone: one that is bad does not count against the others.
 *
 * @param mostEvents of a request
 * @param mostBytes of a request, unless it has one event only
 * @param mostBytesOfOne a larger event is refused without a request; not less than of a request
 * @param forGood error codes that mean the event, and will come again
 */
record Chunks(int mostEvents, long mostBytes, long mostBytesOfOne, Set<String> forGood) {

  /** An event and what is sent of it. */
  record Envelope(OutboxEvent event, SdkBytes bytes) {
    int size() {
      return bytes.asByteArrayUnsafe().length;
    }
  }

  List<BrokerAnswer> send(
      List<OutboxEvent> events, Function<List<Envelope>, List<BrokerAnswer>> request) {
    List<BrokerAnswer> answers = new ArrayList<>(events.size());
    List<Envelope> chunk = new ArrayList<>();
    long bytes = 0;
    for (OutboxEvent event : events) {
      var envelope = new Envelope(event, SdkBytes.fromByteArrayUnsafe(CloudEvents.write(event)));
      boolean full = chunk.size() == mostEvents || bytes + envelope.size() > mostBytes;
      if (full && !chunk.isEmpty()) {
        answers.addAll(answers(chunk, request));
        chunk = new ArrayList<>();
        bytes = 0;
      }
      if (envelope.size() > mostBytesOfOne) {
        answers.add(new Refused("TooLarge"));
      } else {
        chunk.add(envelope);
        bytes += envelope.size();
      }
    }
    if (!chunk.isEmpty()) {
      answers.addAll(answers(chunk, request));
    }
    return answers;
  }

  private List<BrokerAnswer> answers(
      List<Envelope> chunk, Function<List<Envelope>, List<BrokerAnswer>> request) {
    try {
      return request.apply(chunk);
    } catch (SdkException e) {
      BrokerAnswer answer = answer(code(e));
      if (answer instanceof Refused && chunk.size() > 1) {
        return chunk.stream().flatMap(one -> answers(List.of(one), request).stream()).toList();
      }
      return chunk.stream().map(_ -> answer).toList();
    }
  }

  BrokerAnswer answer(String code) {
    return forGood.contains(code) ? new Refused(code) : new Unavailable(code);
  }

  private static String code(SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? String.valueOf(service.awsErrorDetails().errorCode())
        : e.getClass().getSimpleName();
  }
}
