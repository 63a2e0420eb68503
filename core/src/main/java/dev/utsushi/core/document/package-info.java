/**
 * From a {@link dev.utsushi.core.change.Change} to its document: which document of the index, and
 * what it says.
 */
@NullMarked
package dev.utsushi.core.document;

import org.jspecify.annotations.NullMarked;
