@NullMarked
package io.iiikafka.sdk.internal.websocket;

import org.jspecify.annotations.NullMarked;
