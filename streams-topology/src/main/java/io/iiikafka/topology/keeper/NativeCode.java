package io.iiikafka.topology.keeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** RocksDB's own code: 15 MB that it unpacks to the temporary directory, where each process that is killed leaves them. */
final class NativeCode {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCode.class);

    /** Where RocksDB unpacks to if somebody says so. */
    private static final String WISH = "ROCKSDB_SHAREDLIB_DIR";

    private NativeCode() {}

    /** Loads it from a file there, which the next process writes again; before anything else uses RocksDB. */
    static void unpackTo(Path directory) {
        if (System.getenv(WISH) != null) {
            return;
        }
        try {
            Files.createDirectories(directory);
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
        } catch (IOException | RuntimeException | UnsatisfiedLinkError e) { // nothing may be executed there, or not replaced
            LOG.debug("RocksDB is not loaded from {} but from the temporary directory", directory, e);
        }
    }
}
