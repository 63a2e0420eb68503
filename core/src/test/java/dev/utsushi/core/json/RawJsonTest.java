package dev.utsushi.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RawJsonTest {
  @Test
  void valuesAreCutOutAsTheyWereWritten() {
    String text =
        " {\"a\" : {\"n\": 1.40E9 , \"s\":\"x\\u00e9\\\"}\" }, \"b\":[ 1,\"two\" ,{},["
            + " ]],\"c\":-0.5e-3,\"t\":true,\"z\":null,\"日本\":\"語\" } ";
    RawJson json = RawJson.parse(text);
    assertThat(json.text()).isEqualTo(text.strip());
    assertThat(json.field("a").text()).isEqualTo("{\"n\": 1.40E9 , \"s\":\"x\\u00e9\\\"}\" }");
    assertThat(json.field("a").field("n").text()).isEqualTo("1.40E9");
    assertThat(json.field("a").field("n").number(0)).isEqualTo(1.4E9);
    assertThat(json.field("a").field("s").text("")).isEqualTo("xé\"}");
    assertThat(json.field("b").elements().stream().map(RawJson::text))
        .containsExactly("1", "\"two\"", "{}", "[ ]");
    assertThat(json.field("c").text()).isEqualTo("-0.5e-3");
    assertThat(json.field("t").flag(false)).isTrue();
    assertThat(json.field("z").isNull()).isTrue();
    assertThat(json.field("日本").optionalText()).isEqualTo("語");
    assertThat(json.field("none").isNull()).isTrue();
    assertThat(json.fields().keySet()).containsExactly("a", "b", "c", "t", "z", "日本");
  }

  @Test
  void longTextsAreCutOutWhole() {
    String inner = "{\"x\":\"" + "語\\n".repeat(100_000) + "\"}";
    assertThat(RawJson.parse("{\"a\":1,\"b\":" + inner + ",\"c\":2}").field("b").text())
        .isEqualTo(inner);
  }

  @Test
  void nothingElseIsJsonAndNoTextIsQuoted() {
    for (String wrong :
        List.of("", " ", "{", "{\"secret\":}", "{} {}", "secret", "[1,", "{\"a\":1,\"a\":2}x")) {
      assertThatThrownBy(() -> RawJson.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret")
          .hasNoCause();
    }
  }
}
