package dev.utsushi.core.search;

/** What the engine answered, whole. */
@SuppressWarnings("ArrayRecordComponent") // a body to be parsed, never compared
public record SearchReply(int status, byte[] body) {}
