/**
 * What IAM would say of the requests that reach the embedded servers.
 *
 * <pre>
 * request -> Access: who does what to which resource -> PolicySimulator: allowed or not
 * </pre>
 */
@NullMarked
package dev.utsushi.local.permission;

import org.jspecify.annotations.NullMarked;
