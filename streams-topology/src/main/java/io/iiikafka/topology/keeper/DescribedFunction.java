package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** A function of the keeper's by what is said of it. */
public abstract class DescribedFunction implements KeeperFunction {

    private final String id;
    private final String workerName;
    private final String description;
    private final RawJson request;
    private final @Nullable RawJson response;

    /** @param response null: none is published */
    protected DescribedFunction(
            String id, String workerName, String description, RawJson request, @Nullable RawJson response) {
        this.id = id;
        this.workerName = workerName;
        this.description = description;
        this.request = request;
        this.response = response;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String workerName() {
        return workerName;
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    public final RawJson requestFormat() {
        return request;
    }

    @Override
    public final @Nullable RawJson responseFormat() {
        return response;
    }
}
