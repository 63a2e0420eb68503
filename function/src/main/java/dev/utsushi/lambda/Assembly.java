package dev.utsushi.lambda;

import dev.utsushi.index.SearchIndexWriter;
import dev.utsushi.search.Authorization;
import dev.utsushi.search.HttpCaller;
import dev.utsushi.search.SearchClient;
import dev.utsushi.settings.Settings;
import dev.utsushi.stream.RecordDecoder;
import dev.utsushi.telemetry.Log;
import java.time.InstantSource;
import java.util.Objects;

/** Puts the flow together as the settings say. Nothing is connected to yet. */
final class Assembly {
  private Assembly() {}

  static Replication replication(Settings settings, HttpCaller caller, Log log) {
    var telemetry =
        new InvocationTelemetry(
            settings.index().reader(),
            new LagSource(settings.lagAttribute()),
            log,
            InstantSource.system());
    var client = new SearchClient(settings.endpoint(), caller, authorization(settings));
    return new Replication(
        new RecordDecoder(settings.keySchema(), settings.ttlDeletes()),
        SearchIndexWriter.to(client, settings.index(), settings.mapping(), telemetry),
        telemetry);
  }

  private static Authorization authorization(Settings settings) {
    return switch (settings.auth()) {
      case SIGV4 -> Authorization.sigV4(Objects.requireNonNull(settings.region()));
      case BASIC -> Authorization.basic(Objects.requireNonNull(settings.secretArn()));
      case APIKEY -> Authorization.apiKey(Objects.requireNonNull(settings.secretArn()));
      case NONE -> Authorization.NONE;
    };
  }
}
