package dev.utsushi.infra.stack;

import dev.utsushi.core.settings.Setting;
import dev.utsushi.infra.settings.StreamSettings;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The environment variables of a stream's functions. */
final class FunctionSettings {
  private final Map<Setting, String> values = new EnumMap<>(Setting.class);

  private FunctionSettings() {}

  static FunctionSettings ofReplication(StreamSettings stream, SearchTarget search) {
    FunctionSettings settings = new FunctionSettings();
    settings.addIndex(stream, search);
    stream.lagAttribute().ifPresent(name -> settings.values.put(Setting.LAG_ATTRIBUTE, name));
    return settings;
  }

  /** What comes late says nothing of the lag. */
  static FunctionSettings ofReplay(
      StreamSettings stream, SearchTarget search, SourceTable table, StreamQueues queues) {
    FunctionSettings settings = new FunctionSettings();
    settings.addIndex(stream, search);
    settings.values.put(Setting.TABLE_ARN, table.arn());
    settings.values.put(Setting.DEAD_LETTER_QUEUE_URL, queues.deadLetters().getQueueUrl());
    return settings;
  }

  static FunctionSettings ofCapture(
      StreamSettings stream, SearchTarget search, SourceTable table, StreamQueues queues) {
    FunctionSettings settings = ofReplay(stream, search, table, queues);
    settings.values.put(Setting.SECOND_CHANCE, Boolean.toString(stream.secondChance().isPresent()));
    return settings;
  }

  private void addIndex(StreamSettings stream, SearchTarget search) {
    values.put(Setting.SEARCH_ENDPOINT, search.endpoint());
    values.put(Setting.SEARCH_AUTH, word(search.auth()));
    search.secretArn().ifPresent(arn -> values.put(Setting.SEARCH_SECRET_ARN, arn));
    values.put(Setting.INDEX, stream.index());
    values.put(Setting.PARTITION_KEY, stream.table().partitionKeyName());
    stream.table().sortKeyName().ifPresent(name -> values.put(Setting.SORT_KEY, name));
    stream.mapping().ifPresent(mapping -> values.put(Setting.MAPPING, mapping));
    values.put(Setting.TTL_DELETES, word(stream.ttlDeletes()));
  }

  Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    values.forEach((setting, value) -> variables.put(setting.variable(), value));
    return variables;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
