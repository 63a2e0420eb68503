/** DynamoDB and DynamoDB Streams: DynamoDB Local in this JVM, mended where it departs from AWS. */
@NullMarked
package dev.utsushi.local.dynamodb;

import org.jspecify.annotations.NullMarked;
