/**
 * Runs a CloudFormation template on the embedded AWS: tables, streams, functions, queues and a
 * search domain. It refuses by name everything that it does not support, all at once: a template
 * that runs in part would prove nothing.
 *
 * <pre>
 * Template -> ResourceReader (Intrinsics, TemplateSchema) -> StackPlan (checked by Wiring)
 *     -> Deployment -> RunningTemplate
 * </pre>
 */
@NullMarked
package dev.utsushi.local.template;

import org.jspecify.annotations.NullMarked;
