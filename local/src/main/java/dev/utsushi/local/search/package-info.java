/** Search engines: OpenSearch in this JVM, Elasticsearch 7.10 in its own JVM. */
@NullMarked
package dev.utsushi.local.search;

import org.jspecify.annotations.NullMarked;
