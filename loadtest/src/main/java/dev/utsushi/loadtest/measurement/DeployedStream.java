package dev.utsushi.loadtest.measurement;

import java.time.Duration;

/**
 * A stream as it is deployed: its settings are what they are, and its invocations are not seen from
 * outside. When a change was indexed is what its document says, by the function's clock.
 *
 * @param index the readers' alias
 * @param clocksApart how far our clock and the function's are apart at least, by what can't have
 *     come before what; zero where nothing shows it
 */
public record DeployedStream(String stack, String region, String index, Duration clocksApart)
    implements TestedPipeline {}
