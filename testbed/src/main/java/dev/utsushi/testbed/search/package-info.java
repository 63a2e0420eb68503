/** The search engine as a reader sees it: plain HTTP and JSON, on OpenSearch and Elasticsearch. */
@NullMarked
package dev.utsushi.testbed.search;

import org.jspecify.annotations.NullMarked;
