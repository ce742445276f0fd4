// SPDX-License-Identifier: Apache-2.0
package io.interlock.demo;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The rules that hold over all modules: this is the one module that sees every other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String API = "io.interlock";
    private static final String SPI = "io.interlock.spi..";
    private static final String INTERNAL = "io.interlock.internal..";
    private static final String DEMO = "io.interlock.demo..";
    private static final String SERVERS = "io.interlock.servers..";
    private static final String KIT = "io.interlock.tck..";
    /** JUnit's nested classes inherit from these; see docs/adr/0010. */
    private static final String RULES = "io.interlock.tck.rules..";

    private static final String[] LOCK_API = {API, SPI, "io.interlock.memory..", INTERNAL};

    private static final DescribedPredicate<JavaClass> LIBRARY = describe(
            "library code",
            type -> type.getPackageName().startsWith(API)
                    && !resideInAnyPackage(DEMO, SERVERS).test(type));
    private static final DescribedPredicate<JavaClass> BACKEND = LIBRARY.and(not(resideInAnyPackage(LOCK_API)))
            .and(not(resideInAPackage(KIT)))
            .as("backends");

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // what the kit's jar has inside of other people's
            .withImportOption(location -> !location.contains("/tck/shaded/"))
            // what the kit knows of a backend is for both of them
            .withImportOption(location -> !location.contains("-tck.jar"))
            .importPackages(API);

    @Test
    void apiDependsOnLittle() {
        classes()
                .that()
                .resideInAnyPackage(LOCK_API)
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(LOCK_API).or(resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..")))
                .check(all);
    }

    @Test
    void backendsKnowNeitherDemoNorServersNorTheInside() {
        noClasses()
                .that(BACKEND)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DEMO, SERVERS, INTERNAL)
                .check(all);
    }

    @Test
    void kitKnowsNeitherBackendsNorDemoNorServersNorTheInside() {
        noClasses()
                .that()
                .resideInAPackage(KIT)
                .should()
                .dependOnClassesThat(BACKEND.or(resideInAnyPackage(DEMO, SERVERS, INTERNAL)))
                .check(all);
    }

    @Test
    void backendsDoNotKnowTheKit() {
        noClasses()
                .that(BACKEND)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(KIT)
                .check(all);
    }

    @Test
    void demoFindsBackendsByServiceLoaderAlone() {
        noClasses()
                .that()
                .resideInAPackage(DEMO)
                .should()
                .dependOnClassesThat(BACKEND.or(resideInAPackage(INTERNAL)))
                .check(all);
    }

    @Test
    void serversDependOnNoOtherModule() {
        noClasses()
                .that()
                .resideInAPackage(SERVERS)
                .should()
                .dependOnClassesThat(resideInAPackage("io.interlock..").and(not(resideInAPackage(SERVERS))))
                .check(all);
    }

    @Test
    void signaturesShowNothingInternal() {
        noMembers()
                .that()
                .areDeclaredInClassesThat(describe(
                        "are public API", type -> resideInAnyPackage(API, SPI).test(type) && isVisible(type)))
                .and(describe("are visible", ArchitectureTest::isVisible))
                .should(ArchCondition.from(describe(
                        "mention internals",
                        member -> member.getAllInvolvedRawTypes().stream().anyMatch(resideInAPackage(INTERNAL)))))
                .check(all);
        noClasses()
                .that()
                .resideInAnyPackage(API, SPI)
                .and()
                .arePublic()
                .should()
                .beAssignableTo(resideInAPackage(INTERNAL))
                .check(all);
    }

    @Test
    void publicTypesCanNotBeExtendedByAccident() {
        classes()
                .that(LIBRARY)
                .and()
                .arePublic()
                .and()
                .resideOutsideOfPackage(RULES)
                .and()
                .doNotHaveFullyQualifiedName("io.interlock.tck.LockTck")
                .and()
                .doNotHaveFullyQualifiedName("io.interlock.spi.LeasedGrant")
                .should(ArchCondition.from(describe(
                        "be interfaces, records, enums, exceptions or final",
                        type -> type.isInterface()
                                || type.isAssignableTo(Throwable.class)
                                || type.getModifiers().contains(JavaModifier.FINAL)
                                // an enum with bodies of its own is not final, and can't be extended all the same
                                || type.isEnum())))
                .check(all);
    }

    /** A virtual thread that waits in one pins its carrier. */
    @Test
    void noMethodIsSynchronized() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(LIBRARY)
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .check(all);
    }

    /** What may be missing is an overload. Constructors of records can't choose: they take what the record has. */
    @Test
    void noMethodTakesOptionals() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(LIBRARY)
                .and()
                .arePublic()
                .should(ArchCondition.from(describe(
                        "take an Optional",
                        method -> method.getRawParameterTypes().stream()
                                .anyMatch(type -> type.getName().startsWith(Optional.class.getName())))))
                .check(all);
    }

    private static boolean isVisible(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isVisible).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }
}
