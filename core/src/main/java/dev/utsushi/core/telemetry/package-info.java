/**
 * What the function reports: structured log lines, and metrics in CloudWatch's embedded format.
 * They may contain keys and sequence numbers, but never item content.
 */
@NullMarked
package dev.utsushi.core.telemetry;

import org.jspecify.annotations.NullMarked;
