package dev.utsushi.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The parts of a stream in the synthesized template that tests change. */
record StreamPart(ObjectNode resources, String stream) {
  static final String FUNCTION = "AWS::Lambda::Function";
  static final String MAPPING = "AWS::Lambda::EventSourceMapping";
  static final String QUEUE = "AWS::SQS::Queue";

  ObjectNode properties(String part, String type) {
    return SynthesizedStack.properties(resources, stream + part, type);
  }

  ObjectNode function(String function) {
    return properties(function, FUNCTION);
  }

  ObjectNode mapping() {
    return properties("EventSourceMapping", MAPPING);
  }

  ObjectNode variables(String function) {
    return (ObjectNode) function(function).at("/Environment/Variables");
  }

  ArrayNode destination() {
    var destination = mapping().at("/DestinationConfig/OnFailure/Destination");
    assertThat(destination.path("Fn::GetAtt").size()).isEqualTo(2);
    return (ArrayNode) destination.path("Fn::GetAtt");
  }

  void stopCapture() {
    properties("CaptureEventSourceMapping", MAPPING).put("Enabled", false);
  }
}
