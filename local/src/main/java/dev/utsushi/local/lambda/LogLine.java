package dev.utsushi.local.lambda;

/**
 * One line that an execution environment wrote to its standard output or error.
 *
 * @param functionName the function that wrote it
 * @param pid the process id of the environment
 * @param text the line without its line end
 */
public record LogLine(String functionName, long pid, String text) {}
