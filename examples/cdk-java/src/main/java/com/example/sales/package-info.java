/** A CDK app of its own that adds a replication to what it has. */
@NullMarked
package com.example.sales;

import org.jspecify.annotations.NullMarked;
