package dev.utsushi.infra.settings;

/**
 * Something to mend in the file.
 *
 * @param line counted from 1
 */
public record Problem(int line, String what) {}
