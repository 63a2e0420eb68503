package dev.utsushi.cli.demo;

import dev.utsushi.testbed.activity.ActivityTable;
import java.util.List;
import java.util.stream.Collectors;

/** What to type while everything is left running. */
record KeptEndpoints(LocalPipeline pipeline) {
  private static final String TEXT =
      """

      Everything is left running until Ctrl-C. Try:
        curl '%1$s/%2$s/_search?q=kind:visit&size=3&pretty'
        curl '%1$s/%2$s/_search?pretty' -H 'Content-Type: application/json' \\
          -d '{"query":{"match_phrase":{"memo":"価格交渉"}}}'
        curl '%1$s/_cat/aliases?v'
        export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=us-east-1
        aws dynamodb scan --endpoint-url %3$s --table-name %4$s --max-items 3
        aws dynamodb put-item --endpoint-url %3$s --table-name %4$s --item \\
          '{"dealId":{"S":"deal-mine"},"actionKey":{"S":"1"},"memo":{"S":"自分のメモ"}}'
        kill -9 %6$s   # a JVM of the function: the next change starts another

      A dead letter, and the way back. In another terminal:
        curl -XPOST '%1$s/_aliases' -H 'Content-Type: application/json' \\
          -d '{"actions":[{"remove":{"index":"%2$s-*","alias":"%2$s-write"}}]}'   # break it
        aws dynamodb put-item …                    # as above: after four attempts it is given up
        ./utsushi dlq list --local
        ./utsushi dlq show --local
        ./utsushi dlq replay --local --dry-run
        curl -XPOST '%1$s/_aliases' -H 'Content-Type: application/json' \\
          -d '{"actions":[{"add":{"index":"%2$s-000001","alias":"%2$s-write","is_write_index":true}}]}'   # mend it
        ./utsushi dlq replay --local
      """;

  List<String> lines() {
    var aws = pipeline.aws();
    String processIds =
        pipeline.functionProcessIds().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(" "));
    return TEXT.formatted(
            aws.search().endpoint(),
            LocalPipeline.READER_ALIAS,
            aws.dynamoDb().endpoint(),
            ActivityTable.NAME,
            aws.sqs().endpoint(),
            processIds)
        .lines()
        .toList();
  }
}
