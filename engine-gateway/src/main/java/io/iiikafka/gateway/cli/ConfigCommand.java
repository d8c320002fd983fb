package io.iiikafka.gateway.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;

/** {@code iii config}: what is set, and by whom. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Prints every setting, its value and where it comes from; secrets are left out.")
final class ConfigCommand implements Callable<Integer> {

    private final Iii iii;

    ConfigCommand(Iii iii) {
        this.iii = iii;
    }

    @Override
    public Integer call() {
        System.out.print(iii.load().print());
        return 0;
    }
}
