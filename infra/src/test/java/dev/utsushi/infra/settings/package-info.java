@NullMarked
package dev.utsushi.infra.settings;

import org.jspecify.annotations.NullMarked;
