package io.iiikafka.topology.keeper.job;

import java.util.function.Predicate;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;

/**
 * Whether somebody serves what jobs call.
 *
 * @param own functions that need no worker
 */
record Served(Catalog catalog, Predicate<FunctionKey> own) {

    boolean test(Target target) {
        boolean served = test(target.function()) && (target.condition() == null || test(target.condition()));
        if (served) {
            target.served();
        }
        return served;
    }

    private boolean test(FunctionKey function) {
        return catalog.serves(function) || own.test(function);
    }
}
