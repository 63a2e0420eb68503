package dev.utsushi.testbed.activity;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One write to the table. */
public sealed interface ActivityChange {

  /** The item is put whole: a new action, or one that was edited. */
  record Put(Map<String, AttributeValue> item) implements ActivityChange {}

  /** The item with this key is deleted. */
  record Delete(Map<String, AttributeValue> key) implements ActivityChange {}
}
