package dev.utsushi.core.search;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends an {@code Authorization} header made from a secret.
 *
 * <p>The secret is read when first needed, not at start-up, so that it never lies in a snapshot;
 * and once more when the engine refuses it, since it may have been rotated.
 */
final class SecretAuthorization implements Authorization {
  private final Supplier<String> readHeader;
  private @Nullable String header;

  /**
   * @param readHeader reads the secret and makes the header's value of it
   */
  SecretAuthorization(Supplier<String> readHeader) {
    this.readHeader = readHeader;
  }

  @Override
  public synchronized Map<String, String> authorize(
      String method, URI uri, Map<String, String> headers, byte[] body) {
    String value = header;
    if (value == null) {
      value = readHeader.get();
      header = value;
    }
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Authorization", value);
    return all;
  }

  @Override
  public synchronized boolean renew() {
    header = null;
    return true;
  }
}
