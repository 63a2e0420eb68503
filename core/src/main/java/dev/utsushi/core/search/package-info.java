/**
 * How the search engine is reached: HTTP, and who we are to it.
 *
 * <p>Carries opensearch-java's generic client over any {@link dev.utsushi.core.search.HttpCaller},
 * with SigV4, basic, API key or no authorization, and a time limit for each call.
 */
@NullMarked
package dev.utsushi.core.search;

import org.jspecify.annotations.NullMarked;
