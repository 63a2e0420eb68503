/**
 * Runs a CloudFormation template on the embedded AWS, as far as tables, streams, functions, queues
 * and a search domain go. What it does not know it refuses by name, all of it at once: a template
 * that runs here in part would prove nothing.
 *
 * <pre>
 * TemplateFile -> Resources (intrinsics resolved, properties read) -> Plan -> RunningTemplate
 * </pre>
 */
@NullMarked
package dev.utsushi.local.template;

import org.jspecify.annotations.NullMarked;
