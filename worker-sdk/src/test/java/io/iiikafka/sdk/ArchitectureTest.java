package io.iiikafka.sdk;

import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

class ArchitectureTest {

    private static final String INTERNAL = "io.iiikafka.sdk.internal";

    private final JavaClasses sdk = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.iiikafka.sdk");

    @Test
    void shouldNeedNothingButTheJdkJacksonAndTheOpenTelemetryApi() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "io.iiikafka.sdk..",
                        "com.fasterxml.jackson..",
                        "io.opentelemetry.api..",
                        "io.opentelemetry.context..",
                        "org.jspecify..")
                .check(sdk);
    }

    @Test
    void shouldKeepTheWireMessagesFreeOfTheSdk() {
        noClasses()
                .that()
                .resideInAPackage("io.iiikafka.sdk.protocol")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.iiikafka.sdk", INTERNAL + "..")
                .check(sdk);
    }

    @Test
    void shouldKeepTheWebSocketFreeOfTheSdk() {
        noClasses()
                .that()
                .resideInAPackage(INTERNAL + ".websocket")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.iiikafka.sdk", "io.iiikafka.sdk.protocol", INTERNAL)
                .check(sdk);
    }

    @Test
    void shouldNotShowInternalsInItsSignatures() {
        classes()
                .that()
                .resideOutsideOfPackage(INTERNAL + "..")
                .and()
                .areNotPackagePrivate()
                .should(notShowInternals())
                .check(sdk);
    }

    private static ArchCondition<JavaClass> notShowInternals() {
        return new ArchCondition<>("not show internals") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getCodeUnits().stream()
                        .filter(unit -> !unit.getModifiers().contains(JavaModifier.PRIVATE))
                        .filter(ArchitectureTest::showsInternals)
                        .forEach(unit -> events.add(SimpleConditionEvent.violated(unit, unit.getDescription())));
            }
        };
    }

    private static boolean showsInternals(JavaCodeUnit unit) {
        return Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                .anyMatch(type -> type.getPackageName().startsWith(INTERNAL));
    }
}
