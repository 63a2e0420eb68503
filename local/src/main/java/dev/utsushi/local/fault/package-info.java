/**
 * Trouble on the line: a proxy between a client and a server of plain HTTP that does on command
 * what networks, load balancers and overloaded servers do by themselves.
 */
@NullMarked
package dev.utsushi.local.fault;

import org.jspecify.annotations.NullMarked;
