/** Search engines: OpenSearch in this JVM, Elasticsearch 7.10 in a JVM of its own. */
@NullMarked
package dev.utsushi.local.search;

import org.jspecify.annotations.NullMarked;
