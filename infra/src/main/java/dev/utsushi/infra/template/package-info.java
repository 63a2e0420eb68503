/** The synthesized template for those who deploy it without the CDK. */
@NullMarked
package dev.utsushi.infra.template;

import org.jspecify.annotations.NullMarked;
