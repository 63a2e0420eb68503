package dev.utsushi.infra.settings;

import java.util.Optional;

/** The table whose stream is read. */
public sealed interface TableSettings {
  /** The partition key's name. */
  String partitionKeyName();

  /** The sort key's name, if the table has one. */
  Optional<String> sortKeyName();

  /** A key attribute; its type is S, N or B. */
  record KeyAttribute(String name, String type) {}

  /**
   * A new table.
   *
   * @param name empty for one that CloudFormation makes up
   * @param timeToLive the attribute by which items expire
   */
  record Create(
      Optional<String> name,
      KeyAttribute partitionKey,
      Optional<KeyAttribute> sortKey,
      Optional<String> timeToLive)
      implements TableSettings {
    @Override
    public String partitionKeyName() {
      return partitionKey.name();
    }

    @Override
    public Optional<String> sortKeyName() {
      return sortKey.map(KeyAttribute::name);
    }
  }

  /** A table that stands already. */
  record Existing(
      String arn, String streamArn, String partitionKeyName, Optional<String> sortKeyName)
      implements TableSettings {}
}
