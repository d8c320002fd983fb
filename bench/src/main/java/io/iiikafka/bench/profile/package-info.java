/** Where the engine's processor time goes, thread by thread. */
@NullMarked
package io.iiikafka.bench.profile;

import org.jspecify.annotations.NullMarked;
