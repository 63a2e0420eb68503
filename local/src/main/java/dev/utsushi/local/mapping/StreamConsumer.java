package dev.utsushi.local.mapping;

import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

final class StreamConsumer implements AutoCloseable {
  StreamConsumer(MappingContext context, DynamoDbStreamsClient streams) {}

  void start() {}

  @Override
  public void close() {}
}
