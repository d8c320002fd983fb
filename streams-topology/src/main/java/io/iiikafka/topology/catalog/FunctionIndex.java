package io.iiikafka.topology.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Who registered which function: by identity for routing, by id for naming the namespaces that have it. */
final class FunctionIndex {

    private final Map<FunctionKey, List<Stored<CatalogEntry.Function>>> byKey = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> namespacesById = new ConcurrentHashMap<>();

    /** In the order of registration; empty when nobody registered it. */
    List<Stored<CatalogEntry.Function>> registrations(FunctionKey key) {
        return byKey.getOrDefault(key, List.of());
    }

    Set<FunctionKey> keys() {
        return byKey.keySet();
    }

    Set<String> namespacesOf(String functionId) {
        return namespacesById.getOrDefault(functionId, Set.of());
    }

    void put(CatalogEntry.Function function, long offset) {
        FunctionKey key = new FunctionKey(function.namespace(), function.id());
        List<Stored<CatalogEntry.Function>> registrations = without(key, function.connection());
        registrations.add(new Stored<>(function, offset));
        registrations.sort(Comparator.comparingLong(Stored::offset));
        byKey.put(key, List.copyOf(registrations));
        changeNamespaces(function.id(), namespaces -> namespaces.add(function.namespace()));
    }

    void remove(CatalogEntry.Function function) {
        FunctionKey key = new FunctionKey(function.namespace(), function.id());
        List<Stored<CatalogEntry.Function>> registrations = without(key, function.connection());
        if (!registrations.isEmpty()) {
            byKey.put(key, List.copyOf(registrations));
            return;
        }
        byKey.remove(key);
        changeNamespaces(function.id(), namespaces -> namespaces.remove(function.namespace()));
    }

    private List<Stored<CatalogEntry.Function>> without(FunctionKey key, String connection) {
        List<Stored<CatalogEntry.Function>> rest = new ArrayList<>(registrations(key));
        rest.removeIf(registration -> registration.entry().connection().equals(connection));
        return rest;
    }

    private void changeNamespaces(String functionId, Consumer<Set<String>> change) {
        Set<String> namespaces = new TreeSet<>(namespacesOf(functionId));
        change.accept(namespaces);
        if (namespaces.isEmpty()) {
            namespacesById.remove(functionId);
        } else {
            namespacesById.put(functionId, Set.copyOf(namespaces));
        }
    }
}
