/**
 * DynamoDB and DynamoDB Streams: DynamoDB Local in this JVM, patched where its streams differ from
 * AWS's.
 */
@NullMarked
package dev.utsushi.local.dynamodb;

import org.jspecify.annotations.NullMarked;
