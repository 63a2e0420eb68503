package dev.utsushi.local.fault;

/** What the server behind the proxy answered. */
public record ServerReply(int status, String body) {}
