package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awscdk.services.sns.ITopic;

/** What the streams of a stack have in common. */
record Surroundings(
    SearchTarget search,
    Optional<Network> network,
    Optional<ITopic> alarmTopic,
    Settings settings,
    Path functionJar) {}
