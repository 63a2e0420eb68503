/** {@code utsushi up}: a template, started and described to who has to find its way about it. */
@NullMarked
package dev.utsushi.cli.up;

import org.jspecify.annotations.NullMarked;
