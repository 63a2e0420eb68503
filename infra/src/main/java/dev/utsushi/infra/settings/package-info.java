/**
 * What the engineer wants, of one YAML file: {@code FileShape} says what may stand in it, and both
 * the check of a file and the JSON Schema for editors are made from that.
 */
@NullMarked
package dev.utsushi.infra.settings;

import org.jspecify.annotations.NullMarked;
