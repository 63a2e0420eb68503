package dev.utsushi.construct;

import java.util.List;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.constructs.Construct;

/**
 * The tables by which a stream's workers share its shards. The Kinesis Client Library would make
 * them itself; so no role may create tables, and they go with the stack.
 *
 * @param name of the workers, and of the table of leases
 * @param states which protocol the workers follow
 */
record LeaseTables(String name, Table leases, Table states) {
  private static final UniqueResourceNameOptions NAME =
      UniqueResourceNameOptions.builder().maxLength(200).separator("-").build();

  /** The library appends it. */
  private static final String STATES = "-CoordinatorState";

  static LeaseTables of(Construct replication, ReplicationProps props) {
    String name = Names.uniqueResourceName(replication, NAME) + '-' + label(props);
    return new LeaseTables(
        name,
        table(replication, "Leases", name, "leaseKey", props),
        table(replication, "CoordinatorState", name + STATES, "key", props));
  }

  /** A stream that is switched off and on again has other shards, and so other tables. */
  private static String label(ReplicationProps props) {
    String label =
        props.kinesis.isPresent()
            ? props.kinesisSince()
            : streamLabel(StreamMapping.streamArn(props));
    return Token.isUnresolved(label) ? Fn.join("", Fn.split(":", label)) : label.replace(":", "");
  }

  private static String streamLabel(String streamArn) {
    return Token.isUnresolved(streamArn)
        ? Fn.select(1, Fn.split("/stream/", streamArn))
        : streamArn.replaceFirst("^.*/stream/", "");
  }

  private static Table table(
      Construct scope, String id, String name, String key, ReplicationProps props) {
    Table table =
        Table.Builder.create(scope, id)
            .tableName(name)
            .partitionKey(Attribute.builder().name(key).type(AttributeType.STRING).build())
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .encryption(props.key.map(_ -> TableEncryption.CUSTOMER_MANAGED).orElse(null))
            .encryptionKey(props.key.orElse(null))
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    AcceptedFindings.accept(
        table,
        "AwsSolutions-DDB3",
        "It holds how far workers are: without it they begin with the oldest record, and versions"
            + " make that safe.");
    return table;
  }

  /** Allows workers what they do with the tables. */
  void admit(WorkerService workers) {
    for (Table table : List.of(leases, states)) {
      workers.allow(
          table.getTableArn(),
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Scan",
          "dynamodb:UpdateItem");
    }
  }
}
