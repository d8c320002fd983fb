package io.iiikafka.topology.condition;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression over a change, compiled once. Names are members of the new value ({@code status == "pending"}), beside
 * {@code new_value}, {@code old_value}, {@code scope}, {@code key} and {@code event_type}; {@code changed(status)} tells
 * whether a member differs from before.
 *
 * <p>A member that is absent is {@code null}, as is a step into what is no object or array. Only {@code true} counts as
 * true; an expression that CEL cannot evaluate ({@code null + 5}) counts as false. Without loops, and with bounds on text and size,
 * it ends soon. Any thread may ask.
 */
public final class Condition {

    private static final int LONGEST_TEXT = 4096;

    private final CelRuntime.Program program;
    private final Subject subject;
    private final boolean aboutChange;

    private Condition(CelRuntime.Program program, Subject subject, boolean aboutChange) {
        this.program = program;
        this.subject = subject;
        this.aboutChange = aboutChange;
    }

    public static Condition compile(String text) throws InvalidConditionException {
        return compile(text, Subject.STATE);
    }

    public static Condition compile(String text, Subject subject) throws InvalidConditionException {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
            throw new InvalidConditionException("longer than " + LONGEST_TEXT + " bytes");
        }
        try {
            CelAbstractSyntaxTree parsed = valid(CelEnvironment.compiler(subject).parse(text));
            MemberAccess access = new MemberAccess(subject);
            CelAbstractSyntaxTree rewritten = CelProtoAbstractSyntaxTree.fromParsedExpr(
                            access.rewrite(CelProtoAbstractSyntaxTree.fromCelAst(parsed).toParsedExpr()))
                    .getAst();
            CelAbstractSyntaxTree checked = valid(CelEnvironment.compiler(subject).check(rewritten));
            return new Condition(CelEnvironment.RUNTIME.createProgram(checked), subject, access.isAboutChange());
        } catch (CelEvaluationException e) {
            throw new InvalidConditionException(String.valueOf(e.getMessage()));
        }
    }

    private static CelAbstractSyntaxTree valid(CelValidationResult result) throws InvalidConditionException {
        if (result.hasError()) {
            var issue = result.getErrors().getFirst();
            throw new InvalidConditionException(issue.getMessage() + " at offset "
                    + Math.max(0, issue.getSourceLocation().getColumn()) + lineOf(issue.getSourceLocation().getLine()));
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new InvalidConditionException(String.valueOf(e.getMessage()));
        }
    }

    private static String lineOf(int line) {
        return line > 1 ? " of line " + line : "";
    }

    /** Whether it looks at the change itself (the old value, the event), not at a value alone. */
    public boolean isAboutChange() {
        return aboutChange;
    }

    public boolean isTrue(Change change) {
        return isTrue(
                change.before(),
                change.after(),
                Map.of("scope", change.scope(), "key", change.key(), "event_type", change.eventType()));
    }

    /**
     * @param before null: there was no value
     * @param after null: there is none any more
     * @param names the texts that the subject knows; one that is left out is null
     */
    public boolean isTrue(@Nullable RawJson before, @Nullable RawJson after, Map<String, String> names) {
        Map<String, Object> known = new HashMap<>();
        subject.names().forEach(name -> known.put(name, names.containsKey(name)
                ? names.get(name)
                : CelValues.of(RawJson.NULL)));
        known.put(MemberAccess.NEW, value(after));
        known.put(MemberAccess.OLD, value(before));
        try {
            return Boolean.TRUE.equals(program.eval(known));
        } catch (CelEvaluationException e) {
            return false;
        }
    }

    private static Object value(@Nullable RawJson json) {
        return CelValues.of(json == null ? RawJson.NULL : json);
    }
}
