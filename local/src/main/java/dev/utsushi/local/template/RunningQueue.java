package dev.utsushi.local.template;

/** A queue of a running template. */
public record RunningQueue(String logicalId, String name, String url) {}
