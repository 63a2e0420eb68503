/**
 * What the operator wants, from one YAML file. {@code utsushi.schema.json} holds each key's rule,
 * default and description; the records hold the values.
 *
 * <pre>YAML -> YamlTree -> SchemaProblems, CrossChecks -> StackSettings</pre>
 */
@NullMarked
package dev.utsushi.infra.settings;

import org.jspecify.annotations.NullMarked;
