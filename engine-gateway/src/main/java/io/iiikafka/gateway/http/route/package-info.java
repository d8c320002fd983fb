/** Which HTTP trigger answers a request: templates, and the table of routes (spec: http.md 3, 4). */
@NullMarked
package io.iiikafka.gateway.http.route;

import org.jspecify.annotations.NullMarked;
