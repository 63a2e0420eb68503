package dev.utsushi.local.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFilterTest {

  private static final StreamRecord EXPIRY =
      record(
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
    assertThat(RecordFilter.of(FilterCriteria.of(pattern)).passes(EXPIRY)).isEqualTo(passes);
  }

  @Test
  void onePatternThatMatchesIsEnough() {
    var filter =
        RecordFilter.of(
            FilterCriteria.of("{\"eventName\":[\"INSERT\"]}", "{\"eventName\":[\"REMOVE\"]}"));
    assertThat(filter.passes(EXPIRY)).isTrue();
  }

  @Test
  void withoutPatternsEverythingPasses() {
    assertThat(RecordFilter.of(FilterCriteria.none()).passes(EXPIRY)).isTrue();
  }

  private static StreamRecord record(String json) {
    return new StreamRecord("1", Records.ARRIVAL, 1, json);
  }
}
