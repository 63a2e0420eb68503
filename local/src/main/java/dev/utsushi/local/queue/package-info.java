/** SQS: ElasticMQ in this JVM. */
@NullMarked
package dev.utsushi.local.queue;

import org.jspecify.annotations.NullMarked;
