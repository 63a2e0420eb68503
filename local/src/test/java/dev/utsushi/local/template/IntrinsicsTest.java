package dev.utsushi.local.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.utsushi.local.template.Intrinsics.Unresolved;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntrinsicsTest {
  private static final Map<String, String> KNOWN =
      Map.of("Table", "orders", "Queue.Arn", "arn:aws:sqs:r:a:q", "A.B.C", "nested");

  private final Intrinsics intrinsics = new Intrinsics(new KnownNames());

  private record KnownNames() implements Intrinsics.Names {
    @Override
    public JsonNode value(String name, String attribute, String where) {
      String known = attribute.equals(Intrinsics.REF) ? name : name + '.' + attribute;
      String text = KNOWN.get(known);
      return text == null
          ? new Unresolved(List.of(where + " refers to " + known + ", which is not there"))
          : TextNode.valueOf(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "plain"                                                        | "plain"
          {"Ref": "Table"}                                               | "orders"
          {"Fn::GetAtt": ["Queue", "Arn"]}                               | "arn:aws:sqs:r:a:q"
          {"Fn::GetAtt": "Queue.Arn"}                                    | "arn:aws:sqs:r:a:q"
          {"Fn::GetAtt": ["A", "B.C"]}                                   | "nested"
          {"Fn::Sub": "${Table}/${Queue.Arn}/${!Table}"}                 | "orders/arn:aws:sqs:r:a:q/${Table}"
          {"Fn::Sub": ["${x}-${Table}", {"x": {"Ref": "Table"}}]}        | "orders-orders"
          {"Fn::Join": ["", ["a", {"Ref": "Table"}, 1]]}                 | "aorders1"
          {"Fn::Join": ["-", {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]} | "arn-aws-sqs-r-a-q"
          {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]} | "q"
          {"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, {"Ref": "Table"}]} | {"b": ["orders"]}
          {"Ref": "Table", "more": 1}                                    | {"Ref": "Table", "more": 1}
          """)
  void resolves(String template, String expected) throws IOException {
    assertThat(resolve(template)).isEqualTo(Templates.json(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"Ref": "Nobody"}                          | here refers to Nobody, which is not there
          {"Fn::GetAtt": ["Queue", "Colour"]}        | here refers to Queue.Colour, which is not there
          {"Fn::GetAtt": "Queue"}                    | here calls Fn::GetAtt without a resource and an attribute: "Queue"
          {"Fn::Sub": "x${Nobody}"}                  | here refers to Nobody, which is not there
          {"Fn::ImportValue": "x"}                   | here calls Fn::ImportValue, which is not supported
          {"Fn::If": ["c", 1, 2]}                    | here calls Fn::If, which is not supported
          {"Fn::Join": ["", "text"]}                 | here calls Fn::Join without a delimiter and a list of texts: ["","text"]
          {"Fn::Select": [1, ["only"]]}              | here calls Fn::Select beyond the end of its list
          {"Fn::Split": ["", "text"]}                | here calls Fn::Split without a delimiter and a text: ["","text"]
          {"a": [{"Fn::Base64": "x"}]}               | here.a[0] calls Fn::Base64, which is not supported
          """)
  void refusesByNameAndPlace(String template, String problem) throws IOException {
    JsonNode resolved = resolve(template);

    assertThat(resolved.isContainerNode() ? resolved.at("/a/0") : resolved)
        .isEqualTo(new Unresolved(List.of(problem)));
  }

  @Test
  void findsAllProblemsOfOneValue() throws IOException {
    assertThat(
            resolve(
                "{\"Fn::Join\": [\"\", [{\"Ref\": \"X\"}, {\"Fn::Cidr\": [{\"Ref\": \"Y\"}]}]]}"))
        .isEqualTo(
            new Unresolved(
                List.of(
                    "here[1][0] refers to X, which is not there",
                    "here[1][1] calls Fn::Cidr, which is not supported",
                    "here[1][1][0] refers to Y, which is not there")));
  }

  private JsonNode resolve(String template) throws IOException {
    JsonNode node = Templates.json(template);
    return intrinsics.resolve(node, "here");
  }
}
