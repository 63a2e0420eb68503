package dev.utsushi.testbed.activity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class NumberedActionsTest {
  private final NumberedActions actions = new NumberedActions(7);

  @Test
  void theSameSeedAndNumberMakeUpTheSameAction() {
    var again = new NumberedActions(7);
    assertThat(again.recorded(123)).isEqualTo(actions.recorded(123));
    assertThat(again.edited(123, 4)).isEqualTo(actions.edited(123, 4));
    assertThat(new NumberedActions(8).recorded(123)).isNotEqualTo(actions.recorded(123));
  }

  @Test
  void anEditChangesNoKey() {
    for (int edit = 0; edit < 50; edit++) {
      assertThat(actions.edited(9, edit)).containsAllEntriesOf(actions.key(9));
    }
  }

  @Test
  void everyNumberHasAKeyOfItsOwnThatTellsTheNumber() {
    Set<Map<String, AttributeValue>> keys = new HashSet<>();
    for (int number = 0; number < 2000; number++) {
      var key = actions.key(number);
      keys.add(key);
      String sortKey = key.getOrDefault(ActivityTable.SORT_KEY, AttributeValue.fromS("")).s();
      assertThat(NumberedActions.numberOf(sortKey)).isEqualTo(number);
    }
    assertThat(keys).hasSize(2000);
  }

  @Test
  void anItemIsAsLargeAsAskedFor() {
    var item = actions.recorded(1);
    NumberedActions.enlarge(item, 5000);
    int memo =
        item.getOrDefault("memo", AttributeValue.fromS(""))
            .s()
            .getBytes(StandardCharsets.UTF_8)
            .length;
    assertThat(memo).isBetween(4000, 5100);
    var untouched = actions.recorded(1);
    NumberedActions.enlarge(untouched, 0);
    assertThat(untouched).isEqualTo(actions.recorded(1));
  }
}
