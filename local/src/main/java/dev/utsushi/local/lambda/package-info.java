/**
 * The Lambda runtime: functions run in JVMs of their own, one per execution environment, under the
 * real Java runtime interface client, each talking to a Runtime API server of ours on loopback.
 * Whatever invokes (the event source mapping, a test, the demo) does so through {@link
 * dev.utsushi.local.lambda.Invocable}.
 */
@NullMarked
package dev.utsushi.local.lambda;

import org.jspecify.annotations.NullMarked;
