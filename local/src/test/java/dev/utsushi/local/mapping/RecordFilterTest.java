package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.utsushi.local.stream.PolledRecord;
import dev.utsushi.local.stream.Records;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFilterTest {

  private static final PolledRecord EXPIRY =
      Records.record(
          1,
          """
          {"eventName":"REMOVE",
           "dynamodb":{"Keys":{"id":{"S":"deal-1"}},
                       "OldImage":{"id":{"S":"deal-1"},"n":{"N":"5"},"open":{"BOOL":true},
                                   "tags":{"SS":["new","hot"]},"note":{"S":""}}},
           "userIdentity":{"type":"Service","principalId":"dynamodb.amazonaws.com"}}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"eventName": ["REMOVE"]}                                             | true
          {"eventName": ["remove"]}                                             | false
          {"eventName": [{"equals-ignore-case": "remove"}]}                     | true
          {"eventName": [{"anything-but": ["REMOVE"]}]}                         | false
          {"userIdentity": {"type": ["Service"]}}                               | true
          {"userIdentity": {"type": [{"exists": false}]}}                       | false
          {"dynamodb": {"Keys": {"id": {"S": ["deal-1"]}}}}                     | true
          {"dynamodb": {"Keys": {"id": {"S": [{"prefix": "user-"}]}}}}          | false
          {"dynamodb": {"Keys": {"id": {"S": [{"suffix": "-1"}]}}}}             | true
          {"dynamodb": {"NewImage": {"id": {"S": [{"exists": true}]}}}}         | false
          {"dynamodb": {"OldImage": {"n": {"N": ["5"]}}}}                       | true
          {"dynamodb": {"OldImage": {"n": {"N": [{"numeric": [">", 1]}]}}}}     | false
          {"dynamodb": {"OldImage": {"open": {"BOOL": [true]}}}}                | true
          {"dynamodb": {"OldImage": {"tags": {"SS": ["hot"]}}}}                 | true
          {"dynamodb": {"OldImage": {"note": {"S": [""]}}}}                     | true
          {"eventName": ["REMOVE"], "dynamodb": {"OldImage": {"n": {"N": ["6"]}}}} | false
          {"$or": [{"eventName": ["INSERT"]}, {"dynamodb": {"OldImage": {"n": {"N": ["5"]}}}}]} | true
          """)
  void matchesARecordsJson(String pattern, boolean passes) {
    assertThat(FilterCriteria.of(pattern).matcher().test(EXPIRY)).isEqualTo(passes);
  }

  @Test
  void onePatternThatMatchesIsEnough() {
    var filter = FilterCriteria.of("{\"eventName\":[\"INSERT\"]}", "{\"eventName\":[\"REMOVE\"]}");
    assertThat(filter.matcher().test(EXPIRY)).isTrue();
  }

  @Test
  void withoutPatternsEverythingPasses() {
    assertThat(FilterCriteria.none().matcher().test(EXPIRY)).isTrue();
  }
}
