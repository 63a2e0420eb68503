/**
 * How the function reaches the search engine: HTTP and authorization.
 *
 * <p>{@link dev.utsushi.core.search.SearchClient} carries opensearch-java's generic client over any
 * {@link dev.utsushi.core.search.HttpCaller}, with SigV4, basic, API key or no authorization, and a
 * time limit for each request.
 */
@NullMarked
package dev.utsushi.core.search;

import org.jspecify.annotations.NullMarked;
