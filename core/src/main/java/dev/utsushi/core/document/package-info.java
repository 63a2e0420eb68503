/**
 * From a {@link dev.utsushi.core.change.Change} to a {@link
 * dev.utsushi.core.document.DocumentWrite}: which document of the index, and what it says.
 */
@NullMarked
package dev.utsushi.core.document;

import org.jspecify.annotations.NullMarked;
