package dev.utsushi.core.search;

import java.io.InputStream;

/**
 * One HTTP response.
 *
 * @param body to be read to its end and closed, so that the connection can serve again
 */
public record HttpReply(int status, InputStream body) {}
