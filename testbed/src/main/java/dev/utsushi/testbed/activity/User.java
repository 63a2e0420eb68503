package dev.utsushi.testbed.activity;

/** A member of the sales team. */
record User(String id, String name) {}
