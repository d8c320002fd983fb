package io.iiikafka.topology.condition;

import java.util.Set;

import dev.cel.expr.Constant;
import dev.cel.expr.Expr;
import dev.cel.expr.ParsedExpr;

/**
 * Rewrites an expression so that what is absent is null: each step to a member or an element, which CEL fails on, becomes
 * a call of {@link #GET}; a name that the subject does not know becomes a member of the new value.
 */
final class MemberAccess {

    static final String NEW = "new_value";
    static final String OLD = "old_value";
    static final String GET = "iii_get";
    static final String HAS = "iii_has";

    private static final String CHANGED = "changed";
    /** Names that stand for types, but only beside {@code type(…)}: members may be called so, too. */
    private static final Set<String> TYPES =
            Set.of("bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type");

    private final Set<String> names;
    private long lastId;
    private boolean aboutChange;
    private boolean insideChanged;

    MemberAccess(Subject subject) {
        this.names = subject.names();
    }

    ParsedExpr rewrite(ParsedExpr parsed) throws InvalidConditionException {
        lastId = highest(parsed.getExpr());
        return parsed.toBuilder().setExpr(rewrite(parsed.getExpr(), NEW)).build();
    }

    boolean isAboutChange() {
        return aboutChange;
    }

    /**
     * @param root the value of which plain names are members
     */
    private Expr rewrite(Expr expr, String root) throws InvalidConditionException {
        return switch (expr.getExprKindCase()) {
            case IDENT_EXPR -> name(expr, root);
            case SELECT_EXPR -> {
                Expr.Select select = expr.getSelectExpr();
                String function = select.getTestOnly() ? HAS : GET;
                yield call(expr.getId(), function, rewrite(select.getOperand(), root), text(select.getField()));
            }
            case CALL_EXPR -> call(expr, root);
            case LIST_EXPR -> {
                Expr.CreateList.Builder list = expr.getListExpr().toBuilder().clearElements();
                for (Expr element : expr.getListExpr().getElementsList()) {
                    list.addElements(rewrite(element, root));
                }
                yield expr.toBuilder().setListExpr(list).build();
            }
            case CONST_EXPR -> expr;
            case STRUCT_EXPR, COMPREHENSION_EXPR, EXPRKIND_NOT_SET ->
                throw new InvalidConditionException("objects and loops cannot be written in a condition");
        };
    }

    private Expr name(Expr expr, String root) {
        String name = expr.getIdentExpr().getName();
        if (name.equals(OLD) || name.equals("event_type") || name.equals("custom_type") && names.contains(name)) {
            aboutChange = true;
        }
        if (name.equals(NEW) && !root.equals(NEW)) {
            return ident(root);
        }
        return isKnown(name) ? expr : call(expr.getId(), GET, ident(root), text(name));
    }

    private boolean isKnown(String name) {
        return name.equals(NEW) || name.equals(OLD) || names.contains(name);
    }

    private Expr call(Expr expr, String root) throws InvalidConditionException {
        Expr.Call call = expr.getCallExpr();
        if (call.getFunction().equals(CHANGED) && call.getArgsCount() == 1 && !call.hasTarget()) {
            aboutChange = true;
            return changed(call.getArgs(0));
        }
        if (call.getFunction().equals("_[_]")) {
            return call(expr.getId(), GET, rewrite(call.getArgs(0), root), rewrite(call.getArgs(1), root));
        }
        Expr.Call.Builder rewritten = call.toBuilder().clearArgs();
        if (call.hasTarget()) {
            rewritten.setTarget(rewrite(call.getTarget(), root));
        }
        boolean comparesTypes = call.getArgsList().stream().anyMatch(MemberAccess::isTypeCall);
        for (Expr argument : call.getArgsList()) {
            boolean isType = comparesTypes && TYPES.contains(argument.getIdentExpr().getName());
            rewritten.addArgs(isType ? argument : rewrite(argument, root));
        }
        return expr.toBuilder().setCallExpr(total(rewritten)).build();
    }

    /** Functions that CEL fails on where their arguments are absent are replaced by ours. */
    private Expr.Call.Builder total(Expr.Call.Builder call) {
        if (call.getFunction().equals("@in") && call.getArgsCount() == 2) {
            Expr what = call.getArgs(0);
            return call.setFunction(TotalFunction.CONTAINS.id()).setArgs(0, call.getArgs(1)).setArgs(1, what);
        }
        TotalFunction function = TotalFunction.of(call.getFunction());
        if (function == null) {
            return call;
        }
        if (call.hasTarget()) {
            call.addArgs(0, call.getTarget()).clearTarget();
        }
        return call.setFunction(function.id());
    }

    private static boolean isTypeCall(Expr expr) {
        return expr.getCallExpr().getFunction().equals("type");
    }

    /**
     * The path in the new value is not what it is in the old one, or it exists in only one of them. Each writes the path
     * several times, so that within each other they would grow beyond all bounds.
     */
    private Expr changed(Expr path) throws InvalidConditionException {
        if (insideChanged) {
            throw new InvalidConditionException("`changed` cannot stand within another `changed`");
        }
        insideChanged = true;
        Expr values = call(++lastId, "_!=_", rewrite(path, NEW), rewrite(path, OLD));
        insideChanged = false;
        if (!path.hasSelectExpr() && !path.hasIdentExpr()) {
            return values;
        }
        Expr existence = call(++lastId, "_!=_", exists(path, NEW), exists(path, OLD));
        return call(++lastId, "_||_", values, existence);
    }

    private Expr exists(Expr path, String root) throws InvalidConditionException {
        return path.hasSelectExpr()
                ? call(++lastId, HAS, rewrite(path.getSelectExpr().getOperand(), root), text(path.getSelectExpr().getField()))
                : call(++lastId, HAS, ident(root), text(path.getIdentExpr().getName()));
    }

    private static Expr call(long id, String function, Expr... arguments) {
        Expr.Call.Builder call = Expr.Call.newBuilder().setFunction(function);
        for (Expr argument : arguments) {
            call.addArgs(argument);
        }
        return Expr.newBuilder().setId(id).setCallExpr(call).build();
    }

    private Expr ident(String name) {
        return Expr.newBuilder()
                .setId(++lastId)
                .setIdentExpr(Expr.Ident.newBuilder().setName(name))
                .build();
    }

    private Expr text(String text) {
        return Expr.newBuilder()
                .setId(++lastId)
                .setConstExpr(Constant.newBuilder().setStringValue(text))
                .build();
    }

    private static long highest(Expr expr) {
        long highest = expr.getId();
        for (Expr part : expr.getCallExpr().getArgsList()) {
            highest = Math.max(highest, highest(part));
        }
        if (expr.getCallExpr().hasTarget()) {
            highest = Math.max(highest, highest(expr.getCallExpr().getTarget()));
        }
        if (expr.hasSelectExpr()) {
            highest = Math.max(highest, highest(expr.getSelectExpr().getOperand()));
        }
        for (Expr part : expr.getListExpr().getElementsList()) {
            highest = Math.max(highest, highest(part));
        }
        return highest;
    }
}
