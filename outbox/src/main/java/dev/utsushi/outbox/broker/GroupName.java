package dev.utsushi.outbox.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Makes of a key what brokers take as the name of a group: other keys have other names. */
final class GroupName {
  /** What SQS takes: letters, digits and punctuation. A name of ours begins otherwise. */
  private static final Pattern TAKEN = Pattern.compile("(?!sha256:)[!-~]{1,128}");

  private GroupName() {}

  static String of(String key) {
    if (TAKEN.matcher(key).matches()) {
      return key;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
