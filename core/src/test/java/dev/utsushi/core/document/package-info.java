@NullMarked
package dev.utsushi.core.document;

import org.jspecify.annotations.NullMarked;
