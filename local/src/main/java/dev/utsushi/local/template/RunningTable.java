package dev.utsushi.local.template;

/**
 * A table of a running template.
 *
 * @param logicalId in the template, or the name of a table that was bound
 * @param streamArn empty for a table without a stream
 */
public record RunningTable(String logicalId, String name, String streamArn) {}
