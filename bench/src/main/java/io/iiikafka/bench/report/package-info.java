/** What was measured, judged against the targets, as JSON and as a Markdown table. */
@NullMarked
package io.iiikafka.bench.report;

import org.jspecify.annotations.NullMarked;
