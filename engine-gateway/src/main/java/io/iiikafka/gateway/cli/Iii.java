package io.iiikafka.gateway.cli;

import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.iiikafka.gateway.StartupException;
import io.iiikafka.gateway.Version;
import io.iiikafka.gateway.config.ConfigLoader;
import io.iiikafka.gateway.config.LoadedConfig;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The {@code iii} command: starts the engine, unless told otherwise.
 *
 * <p>Exit codes: 0 after a stop that was asked for, 1 when the engine cannot start, 2 for a wrong command line.
 */
@Command(
        name = "iii",
        mixinStandardHelpOptions = true,
        versionProvider = Iii.Versions.class,
        sortOptions = false,
        description = "Starts the engine: workers, functions and triggers on Apache Kafka.",
        footer = {
            "",
            "Every setting also has an environment variable; docs/configuration.md lists them.",
            "III_LOG=DEBUG shows more of the engine, III_LOG_KAFKA=INFO more of Kafka, III_LOG_FORMAT=json is for"
                    + " machines."
        })
public final class Iii implements Callable<Integer> {

    private static final int REFUSED = 1;
    /** Tells on every start that tracing is off unless configured. Held here, or its level would be forgotten. */
    private static final Logger TALKATIVE = Logger.getLogger("io.opentelemetry.api.GlobalOpenTelemetry");

    private final SettingOptions options = new SettingOptions();

    @Option(names = "--print-config", description = "print every setting, its value and where it comes from, and exit")
    private boolean printConfig;

    @Option(names = "--exit-when-ready", description = "stop as soon as everything runs: to try a configuration out")
    private boolean exitWhenReady;

    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"iii-kafka " + Version.ENGINE};
        }
    }

    private Iii() {}

    public static void main(String[] arguments) {
        TALKATIVE.setLevel(Level.WARNING);
        int code = commandLine().execute(arguments);
        if (code != 0 || !EngineRun.isRunning()) {
            System.exit(code);
        }
    }

    static CommandLine commandLine() {
        Iii iii = new Iii();
        CommandLine line = new CommandLine(CommandSpec.forAnnotatedObject(iii));
        iii.options.addTo(line.getCommandSpec());
        line.addSubcommand("topics", new TopicsCommand(iii));
        line.addSubcommand("config", new ConfigCommand(iii));
        line.setUsageHelpWidth(110).setUsageHelpAutoWidth(true).setOverwrittenOptionsAllowed(true);
        line.setExecutionExceptionHandler((failure, command, result) -> refuse(failure));
        return line;
    }

    private static int refuse(Exception failure) {
        if (failure instanceof StartupException) {
            String.valueOf(failure.getMessage()).lines().forEach(line -> System.err.println("iii: " + line));
            LoggerFactory.getLogger(Iii.class).debug("Where", failure);
        } else {
            LoggerFactory.getLogger(Iii.class).error("The engine cannot start", failure);
        }
        return REFUSED;
    }

    /** The configuration; warnings are shown. */
    LoadedConfig load() {
        LoadedConfig loaded = ConfigLoader.load(options.toInput(System.getenv()));
        loaded.warnings().forEach(warning -> System.err.println("iii: warning: " + warning));
        return loaded;
    }

    @Override
    public Integer call() {
        LoadedConfig loaded = load();
        if (printConfig) {
            System.out.print(loaded.print());
        } else {
            EngineRun.start(loaded.config(), exitWhenReady);
        }
        return 0;
    }
}
