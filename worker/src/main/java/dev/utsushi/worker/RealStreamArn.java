package dev.utsushi.worker;

import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.ModifyRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamRequest;
import software.amazon.awssdk.services.dynamodb.model.GetShardIteratorRequest;

/**
 * Sends requests to the stream by its real ARN. The adapter makes the ARN itself, and takes none of
 * a region that the SDK does not know, as that of DynamoDB Local.
 */
final class RealStreamArn implements ExecutionInterceptor {
  private final String streamArn;

  RealStreamArn(String streamArn) {
    this.streamArn = streamArn;
  }

  /** Returns the ARN that the adapter may have: that of the stream in a region that is known. */
  static String inRegion(String streamArn, String region) {
    String[] parts = streamArn.split(":", -1);
    parts[3] = region;
    return String.join(":", parts);
  }

  @Override
  public SdkRequest modifyRequest(ModifyRequest context, ExecutionAttributes attributes) {
    return switch (context.request()) {
      case DescribeStreamRequest request -> request.toBuilder().streamArn(streamArn).build();
      case GetShardIteratorRequest request -> request.toBuilder().streamArn(streamArn).build();
      default -> context.request();
    };
  }
}
