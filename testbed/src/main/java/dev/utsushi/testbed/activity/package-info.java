/**
 * A sales team's activity log, made up: deals, companies, users, and what they did and changed.
 * Whatever drives writes to a table takes its items from here. The same seed gives the same items.
 */
@NullMarked
package dev.utsushi.testbed.activity;

import org.jspecify.annotations.NullMarked;
