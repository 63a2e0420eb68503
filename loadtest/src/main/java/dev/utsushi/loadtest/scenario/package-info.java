/** Load tests that belong together: the published runs, and the grid that validates predictions. */
@NullMarked
package dev.utsushi.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
