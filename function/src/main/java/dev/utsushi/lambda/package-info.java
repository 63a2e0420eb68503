/**
 * The function as Lambda sees it, and the whole flow on one screen: {@link
 * dev.utsushi.lambda.Replication}.
 */
@NullMarked
package dev.utsushi.lambda;

import org.jspecify.annotations.NullMarked;
