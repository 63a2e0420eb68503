package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The parts of the synthesized template that tests change, all of the stream to visits. */
final class Visits {
  static final String FUNCTION = "AWS::Lambda::Function";
  static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  static final String QUEUE = "AWS::SQS::Queue";

  private Visits() {}

  static ObjectNode properties(ObjectNode resources, String part, String type) {
    return SynthesizedStack.properties(resources, SynthesizedStack.VISITS + part, type);
  }

  static ObjectNode variables(ObjectNode resources, String function) {
    return (ObjectNode) properties(resources, function, FUNCTION).at("/Environment/Variables");
  }

  static ArrayNode destination(ObjectNode resources) {
    var destination =
        properties(resources, "EventSourceMapping", MAPPING)
            .at("/DestinationConfig/OnFailure/Destination");
    assertThat(destination.path("Fn::GetAtt").size()).isEqualTo(2);
    return (ArrayNode) destination.path("Fn::GetAtt");
  }

  static void stopCapture(ObjectNode resources) {
    properties(resources, "CaptureEventSourceMapping", MAPPING).put("Enabled", false);
  }
}
