/**
 * A proxy between a client and a server of plain HTTP that does on command what networks, load
 * balancers and overloaded servers do by themselves.
 */
@NullMarked
package dev.utsushi.local.proxy;

import org.jspecify.annotations.NullMarked;
