@NullMarked
package com.example.sales;

import org.jspecify.annotations.NullMarked;
