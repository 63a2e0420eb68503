package dev.utsushi.core.settings;

import dev.utsushi.core.index.IndexNames;
import dev.utsushi.core.index.MappingFile;
import dev.utsushi.core.record.KeySchema;
import dev.utsushi.core.record.RecordDecoder.TtlDeletes;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The function's settings.
 *
 * @param secretArn the secret for {@code BASIC} and {@code APIKEY}, null for the others
 * @param region the region that the function runs in; null only if {@code auth} needs none
 * @param lagAttribute null if lag is measured by the stream's own time, in whole seconds
 */
public record Settings(
    URI endpoint,
    SearchAuth auth,
    @Nullable String secretArn,
    @Nullable String region,
    IndexNames index,
    KeySchema keySchema,
    MappingFile mapping,
    TtlDeletes ttlDeletes,
    @Nullable String lagAttribute) {

  /**
   * Reads the settings.
   *
   * @throws SettingsException with every problem that there is
   */
  public static Settings read(Map<String, String> environment) {
    return new SettingsReader(environment).read();
  }
}
