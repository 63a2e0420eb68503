package dev.utsushi.local.template;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntrinsicsTest {
  private static final Map<String, String> KNOWN =
      Map.of("Table", "orders", "Queue.Arn", "arn:aws:sqs:r:a:q", "A.B.C", "nested");

  private final Problems problems = new Problems();
  private final Intrinsics intrinsics = new Intrinsics(new Known(), problems);

  private record Known() implements References {
    @Override
    public Reference ref(String name) {
      String text = KNOWN.get(name);
      return text == null ? new Reference.None("which is not there") : new Reference.Text(text);
    }

    @Override
    public Reference attribute(String logicalId, String attribute) {
      return ref(logicalId + '.' + attribute);
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
    assertThat(resolve(template)).isEqualTo(new Resolution.Value(Templates.json(expected)));
    assertThat(problems.found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"Ref": "Nobody"}                          | here refers to Nobody, which is not there
          {"Fn::GetAtt": ["Queue", "Colour"]}        | here refers to Queue.Colour, which is not there
          {"Fn::GetAtt": "Queue"}                    | here calls Fn::GetAtt without an attribute: Queue
          {"Fn::Sub": "x${Nobody}"}                  | here refers to Nobody, which is not there
          {"Fn::ImportValue": "x"}                   | here calls Fn::ImportValue, which is not known here
          {"Fn::If": ["c", 1, 2]}                    | here calls Fn::If, which is not known here
          {"Fn::Join": ["", "text"]}                 | here calls Fn::Join without a delimiter and a list of texts
          {"Fn::Select": [1, ["only"]]}              | here calls Fn::Select beyond its list
          {"Fn::Split": ["", "text"]}                | here calls Fn::Split without a delimiter and a text
          {"a": [{"Fn::Base64": "x"}]}               | here.a[0] calls Fn::Base64, which is not known here
          """)
  void refusesByNameAndPlace(String template, String problem) throws IOException {
    assertThat(resolve(template)).isEqualTo(new Resolution.Refused());
    assertThat(problems.found()).containsExactly(problem);
  }

  @Test
  void findsAllProblemsOfOneValue() throws IOException {
    resolve("{\"Fn::Join\": [\"\", [{\"Ref\": \"X\"}, {\"Fn::Cidr\": []}]]}");

    assertThat(problems.found())
        .containsExactly(
            "here[1][0] refers to X, which is not there",
            "here[1][1] calls Fn::Cidr, which is not known here");
  }

  private Resolution resolve(String template) throws IOException {
    JsonNode node = Templates.json(template);
    return intrinsics.resolve(node, "here");
  }
}
