package dev.utsushi.infra.stack;

import dev.utsushi.infra.settings.StackSettings;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awscdk.services.sns.ITopic;

/** What the streams of a stack share. */
record StackContext(
    SearchTarget search,
    Optional<Network> network,
    Optional<ITopic> alarmTopic,
    StackSettings settings,
    Path functionJar) {}
