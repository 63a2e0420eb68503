@NullMarked
package dev.utsushi.infra.template;

import org.jspecify.annotations.NullMarked;
