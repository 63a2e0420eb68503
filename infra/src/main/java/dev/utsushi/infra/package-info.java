/**
 * The CDK app: the settings file in, one CloudFormation template out.
 *
 * <pre>utsushi.yaml -> settings -> stack -> template</pre>
 */
@NullMarked
package dev.utsushi.infra;

import org.jspecify.annotations.NullMarked;
