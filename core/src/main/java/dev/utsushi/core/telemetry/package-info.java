/**
 * What the function tells of its work: structured log lines, and metrics in CloudWatch's embedded
 * format. Keys and sequence numbers may be in them, item content never.
 */
@NullMarked
package dev.utsushi.core.telemetry;

import org.jspecify.annotations.NullMarked;
