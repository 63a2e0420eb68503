@NullMarked
package dev.utsushi.document;

import org.jspecify.annotations.NullMarked;
