package io.iiikafka.gateway.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.iiikafka.gateway.StartupException;
import org.jspecify.annotations.Nullable;

/**
 * The one directory that an engine writes to, claimed for this process by a file lock that dies with it. A directory
 * that cannot be written is a start-up error: the engine never falls back to memory.
 */
public final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "engine.lock";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the directory if need be and claims it.
     *
     * @throws StartupException when it cannot be written, or another engine has it
     */
    public static DataDirectory claim(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve(LOCK_FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = read(channel);
                channel.close();
                throw new StartupException("the data directory " + absolute + " is in use by another engine"
                        + (owner.isEmpty() ? "" : " (process " + owner + ")")
                        + "; stop it, or choose another directory by --data");
            }
            channel.truncate(0);
            String self = Long.toString(ProcessHandle.current().pid());
            channel.write(ByteBuffer.wrap(self.getBytes(StandardCharsets.US_ASCII)), 0);
            return new DataDirectory(absolute, channel, lock);
        } catch (IOException e) {
            throw new StartupException(
                    "the data directory " + absolute + " cannot be written (" + reason(e)
                            + "); make it writable, or choose another by --data",
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(32);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    /** A directory below this one; its owner creates it. */
    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            // The process ends or the lock's file is gone; either way nobody is kept out.
        }
    }
}
