/**
 * The Lambda runtime: functions run in their own JVMs, one per execution environment, under the
 * real Java runtime interface client, which talks to a Runtime API server on loopback. All
 * invocations go through {@link dev.utsushi.local.lambda.Invocable}.
 */
@NullMarked
package dev.utsushi.local.lambda;

import org.jspecify.annotations.NullMarked;
