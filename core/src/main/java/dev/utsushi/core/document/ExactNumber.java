package dev.utsushi.core.document;

import java.util.List;

/**
 * A number that the engine's parser would round, and where in the document it stands.
 *
 * @param path attribute names (String) and list positions (Integer), from the top
 * @param digits the number as it must stand there
 */
public record ExactNumber(List<Object> path, String digits) {}
