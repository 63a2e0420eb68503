package dev.utsushi.core.settings;

import java.util.Map;

/**
 * The settings of capture and replay.
 *
 * @param replication what they share with the replication
 * @param tableArn the table whose dead letters are ours
 * @param queueUrl the queue where operators look
 * @param secondChance whether capture writes the records once more before it parks them
 */
public record DeadLetterSettings(
    Settings replication, String tableArn, String queueUrl, boolean secondChance) {

  /**
   * Reads the settings.
   *
   * @throws SettingsException with every problem that there is
   */
  public static DeadLetterSettings read(Map<String, String> environment) {
    return new SettingsReader(environment).readDeadLetters();
  }
}
