package dev.utsushi.local.fault;

/**
 * A request as the proxy read it.
 *
 * @param number counted from 1 on by the proxy
 * @param path with the query
 */
public record ProxiedRequest(long number, String method, String path, String body) {}
