package dev.utsushi.core.search;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * One HTTP request.
 *
 * @param timeout the longest time to wait for a connection, and again for the reply
 */
@SuppressWarnings("ArrayRecordComponent") // a body on its way out, never compared
public record HttpCall(
    String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout) {}
