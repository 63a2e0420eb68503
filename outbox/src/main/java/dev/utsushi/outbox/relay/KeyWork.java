package dev.utsushi.outbox.relay;

import dev.utsushi.outbox.event.EventKey;
import dev.utsushi.outbox.protocol.KeyRun;
import dev.utsushi.outbox.protocol.Reply;
import dev.utsushi.outbox.table.StoredEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One key's run, and the events that it has read. One thread has it at a time. */
final class KeyWork {
  private final String key;
  private final Map<Long, StoredEvent> read = new HashMap<>();
  private KeyRun run;

  KeyWork(String key, KeyRun run) {
    this.key = key;
    this.run = run;
  }

  KeyRun run() {
    return run;
  }

  EventKey place(long sequence) {
    return new EventKey(key, sequence);
  }

  StoredEvent event(long sequence) {
    @Nullable StoredEvent event = read.get(sequence);
    if (event == null) {
      throw new IllegalStateException("No step is about an event that was not read");
    }
    return event;
  }

  void reply(Reply reply) {
    run = run.after(reply);
  }

  void replyRows(List<StoredEvent> events) {
    events.forEach(this::keep);
    reply(new Reply.Rows(events.stream().map(StoredEvent::row).toList()));
  }

  void keep(StoredEvent event) {
    read.put(event.row().sequence(), event);
  }
}
