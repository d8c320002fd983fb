package io.iiikafka.topology;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What this module may know (design, section 2). */
class ModuleRulesTest {

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.iiikafka.topology");

    @Test
    void shouldKnowKafkaButNoSocketsAndNoHttp() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "java.net..", "io.iiikafka.gateway..")
                .check(classes);
    }

    @Test
    void shouldUseOnlyTheWireMessagesOfTheSdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.iiikafka.sdk", "io.iiikafka.sdk.internal..")
                .check(classes);
    }

    @Test
    void shouldHaveNoCyclesBetweenItsFeatures() {
        slices().matching("io.iiikafka.topology.(*)..").should().beFreeOfCycles().check(classes);
    }
}
