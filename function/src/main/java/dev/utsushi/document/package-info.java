/**
 * From a {@link dev.utsushi.change.Change} to a {@link dev.utsushi.document.DocumentWrite}: which
 * document of the index, and what it says.
 */
@NullMarked
package dev.utsushi.document;

import org.jspecify.annotations.NullMarked;
