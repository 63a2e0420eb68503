package dev.utsushi.lambda;

import dev.utsushi.core.index.Engines;
import dev.utsushi.local.dynamodb.LocalDynamoDb;
import dev.utsushi.local.queue.LocalSqs;
import dev.utsushi.local.search.SearchEngine;
import java.util.concurrent.CompletableFuture;

/** A table with its stream, its dead-letter queue and its index, and the handlers between them. */
final class DeadLetterWorld {
  static {
    // Side by side; a method reference, since a lambda would wait for this class to be ready.
    var engine = CompletableFuture.supplyAsync(Engines::openSearch);
    LocalSqs _ = SharedServers.sqs();
    SearchEngine _ = engine.join();
  }

  final StreamedTable table;
  final LocalQueue queue;
  final LocalIndex index;
  final DeadLetterHandlers handlers;

  DeadLetterWorld() {
    this(SharedServers.dynamoDb());
  }

  DeadLetterWorld(LocalDynamoDb dynamoDb) {
    table = new StreamedTable(dynamoDb);
    queue = new LocalQueue(table.name);
    index = new LocalIndex(table.name.replace('_', '-'));
    handlers = new DeadLetterHandlers(table, queue, index);
  }
}
