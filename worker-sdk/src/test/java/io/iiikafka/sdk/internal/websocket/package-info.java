@org.jspecify.annotations.NullMarked
package io.iiikafka.sdk.internal.websocket;
