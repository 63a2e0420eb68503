/**
 * Runs a CloudFormation template on the embedded AWS: tables, streams, functions, queues and a
 * search domain. Whatever it does not support it refuses by name, all of it at once: a template
 * that runs in part would prove nothing.
 *
 * <pre>
 * Template -> Resource (resolved by Intrinsics, checked by TemplateSchema) -> Wiring -> StackPlan
 *     -> Deployment -> RunningTemplate
 * </pre>
 */
@NullMarked
package dev.utsushi.local.template;

import org.jspecify.annotations.NullMarked;
