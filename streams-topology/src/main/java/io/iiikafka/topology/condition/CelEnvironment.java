package io.iiikafka.topology.condition;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;

/** CEL as conditions have it: no loops, numbers compared whatever their kind, members that may be absent. */
final class CelEnvironment {

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(4096)
            .maxParseRecursionDepth(32)
            .maxParseExpressionNodeCount(256)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    private static final Map<Subject, CelCompiler> COMPILERS = new EnumMap<>(Map.of(
            Subject.STATE, compilerFor(Subject.STATE), Subject.STREAM, compilerFor(Subject.STREAM)));

    static CelCompiler compiler(Subject subject) {
        return requireNonNull(COMPILERS.get(subject));
    }

    private static CelCompiler compilerFor(Subject subject) {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.HAS)
                .addVar(MemberAccess.NEW, SimpleType.DYN)
                .addVar(MemberAccess.OLD, SimpleType.DYN)
                .addFunctionDeclarations(
                        CelFunctionDecl.newFunctionDeclaration(
                                MemberAccess.GET,
                                CelOverloadDecl.newGlobalOverload(
                                        MemberAccess.GET, SimpleType.DYN, SimpleType.DYN, SimpleType.DYN)),
                        CelFunctionDecl.newFunctionDeclaration(
                                MemberAccess.HAS,
                                CelOverloadDecl.newGlobalOverload(
                                        MemberAccess.HAS, SimpleType.BOOL, SimpleType.DYN, SimpleType.DYN)))
                .addFunctionDeclarations(
                        Arrays.stream(TotalFunction.values()).map(TotalFunction::declaration).toList());
        subject.names().forEach(name -> builder.addVar(name, subject.typeOfNames()));
        return builder.build();
    }

    static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addFunctionBindings(List.of(
                    CelFunctionBinding.from(MemberAccess.GET, Object.class, Object.class, CelValues::get),
                    CelFunctionBinding.from(MemberAccess.HAS, Object.class, Object.class, CelValues::has)))
            .addFunctionBindings(
                    Arrays.stream(TotalFunction.values()).map(TotalFunction::binding).toList())
            .build();

    private CelEnvironment() {}
}
